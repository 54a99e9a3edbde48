import { categoryOf } from '@afk/contracts';
import { absolute, dayOf } from './time.ts';

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

/** "French" for "fr"; the code itself where it is no language tag. What is neither French nor English is `und`. */
export function languageName(code: string): string {
  if (code === 'und') return 'Other language';
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

/** Headlines/h² from which on a change of speed is worth a word. */
const notableChange = 0.05;

/**
 * The speed of a trend in words: the figures only, for its status weighs them against all other news and may
 * judge otherwise. @param velocity headlines/h now, less the rate of the hours before. @param acceleration headlines/h².
 */
export function velocityWords(velocity: number, acceleration: number): string {
  const rate = Math.abs(velocity);
  const shown = rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate);
  if (shown === 0) return 'As many headlines an hour as before';
  const noun = shown === 1 ? 'headline' : 'headlines';
  const words = `${shown} ${velocity > 0 ? 'more' : 'fewer'} ${noun} an hour than before`;
  if (Math.abs(acceleration) < notableChange) return words;
  if (velocity > 0) return `${words}, ${acceleration > 0 ? 'gaining speed' : 'losing speed'}`;
  return `${words}, ${acceleration > 0 ? 'falling less than it did' : 'falling faster'}`;
}

/** What the status of a trend means. */
export const statusWords = {
  emerging: 'Emerging: it is new',
  rising: 'Rising: more of the news than one had to expect, and gaining speed',
  peaking: 'Peaking: at its height, and no longer gaining speed',
  fading: 'Fading: below its height, with fewer headlines than it had',
  dormant: 'Dormant: no headline for a day',
};

const dayMinutes = 1440;

/** "an hour", "every 20 minutes", "every 3 hours", "a day", "a week", "every 2 weeks" */
export function perWords(minutes: number): string {
  const units: [minutes: number, one: string][] = [
    [7 * dayMinutes, 'week'],
    [dayMinutes, 'day'],
    [60, 'hour'],
    [1, 'minute'],
  ];
  const [unit, one] = units.find(([of]) => minutes >= of) ?? [1, 'minute'];
  const n = Math.round((minutes / unit) * 10) / 10;
  if (n !== 1) return `every ${n} ${one}s`;
  return one === 'hour' ? 'an hour' : `a ${one}`;
}

/** When a bar of a history was: "12 Mar, 14:00 UTC", "on 12 Mar", "in the week from 9 Mar". */
export function barWords(minutes: number, at: string): string {
  if (minutes < dayMinutes) return absolute(at);
  return minutes === dayMinutes ? `on ${dayOf(at)}` : `in the ${wideWords(minutes)} from ${dayOf(at)}`;
}

const wideWords = (minutes: number): string =>
  minutes === 7 * dayMinutes ? 'week' : `${Math.round(minutes / dayMinutes)} days`;
