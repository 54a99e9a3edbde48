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

/** The English label of a category, "Unsorted" where the classifier was not sure. */
export const categoryLabel = (category: { id: string } | null) => categoryOf(category?.id)?.en ?? 'Unsorted';

export const trendHref = (id: string) => `/trends/${encodeURIComponent(id)}/`;

/** The speed of a trend in words. @param velocity headlines an hour now, less the rate before. */
export function velocityWords(velocity: number): string {
  const rate = Math.abs(velocity);
  if (rate < 0.25) return 'Holding steady';
  const shown = rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate);
  return velocity > 0
    ? `Picking up: ${shown} more ${shown === 1 ? 'headline' : 'headlines'} an hour than before`
    : `Slowing down: ${shown} fewer ${shown === 1 ? 'headline' : 'headlines'} an hour than before`;
}
