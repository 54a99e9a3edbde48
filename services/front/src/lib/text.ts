import { categoryOf } from '@afk/contracts';

/**
 * A feed's address as a link target, or undefined where it is none: only http and https become links,
 * so `javascript:`, `data:` and relative tricks stay text.
 */
export function safeHref(url: string): string | undefined {
  const parsed = URL.parse(url.trim());
  return parsed && (parsed.protocol === 'http:' || parsed.protocol === 'https:') ? parsed.href : undefined;
}

const pageLanguage = 'en';

/** The `lang` attribute of a text: only where it differs from the page's own language. */
export function langAttribute(language: string | null | undefined): string | undefined {
  return language && language !== pageLanguage && /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(language)
    ? language
    : undefined;
}

const languageNames = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' });

/** "French" for "fr"; the code itself where it is no language tag. */
export function languageName(code: string): string {
  try {
    return languageNames.of(code) ?? code;
  } catch {
    return code;
  }
}

const numbers = new Intl.NumberFormat('en-GB');
export const number = (n: number) => numbers.format(n);

/** "1 source", "2 sources" */
export const count = (n: number, one: string, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`;

/** The English label of a category, "Other news" where the classifier was not sure. */
export const categoryLabel = (category: { id: string } | null) =>
  categoryOf(category?.id)?.en ?? 'Other news';

/** The first word of a label, for a row that has to hold them all: "Arts" for "Arts & entertainment". */
export const shortLabel = (label: string) => label.split(' & ', 1)[0] as string;

/** A probability as readers may take it: no model is ever wholly sure. */
export const sureness = (probability: number) =>
  probability > 0.99 ? 'over 99 %' : `${Math.round(probability * 100)} %`;

/**
 * A title with the spaces that French puts inside its marks made unbreakable, as a printer sets them:
 * no line begins with "»" or "?", none ends with "«".
 */
export const typeset = (title: string) =>
  title.replaceAll(/« /g, '«\u00a0').replaceAll(/ (?=[»:;!?])/g, '\u00a0');

/** Titles of more characters than this are set smaller. */
const long = 110;
export const isLong = (title: string) => title.length > long;

export const trendHref = (id: string) => `/trends/${encodeURIComponent(id)}/`;

/**
 * The speed of a trend in words: the figure only, for its status weighs it against all other news and may
 * judge otherwise. @param velocity headlines an hour now, less the rate of the hours before.
 */
export function velocityWords(velocity: number): string {
  const rate = Math.abs(velocity);
  const shown = rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate);
  if (shown === 0) return 'As many headlines an hour as before';
  const noun = shown === 1 ? 'headline' : 'headlines';
  return `${shown} ${velocity > 0 ? 'more' : 'fewer'} ${noun} an hour than before`;
}

/** What the status of a trend means. */
export const statusWords = {
  emerging: 'Emerging: it is new',
  rising: 'Rising: more headlines than its last day led one to expect',
  steady: 'Steady: about as many headlines as its last day led one to expect',
  fading: 'Fading: fewer headlines than its last day led one to expect',
  dormant: 'Dormant: no headline for a day',
};
