import { isStopWord, splitWords } from '@afk/text';
import type { Random } from '@afk/text';

export type NewsLanguage = 'en' | 'fr';

/** Words of a headline as they are written, without punctuation and elided articles. */
export const wordsOf = (title: string, language: NewsLanguage): string[] =>
  splitWords(title, language).map(({ surface }) => surface);

/** Without stop words: those that a person would type. */
export const tellingOf = (title: string, language: NewsLanguage): string[] =>
  splitWords(title, language)
    .filter(({ folded }) => !isStopWord(folded, language))
    .map(({ surface }) => surface);

/** So many of the words, drawn, in their order. */
export function some(words: readonly string[], count: number, { uniform }: Random): string[] {
  const places = shuffled(
    words.map((_, i) => i),
    { uniform },
  ).slice(0, count);
  const kept = new Set(places);
  return words.filter((_, i) => kept.has(i));
}

/** All of them in an order that is drawn (Fisher & Yates). */
export function shuffled<T>(values: readonly T[], { uniform }: Pick<Random, 'uniform'>): T[] {
  const drawn = [...values];
  for (let i = drawn.length - 1; i > 0; i -= 1) {
    const j = Math.floor(uniform() * (i + 1));
    [drawn[i], drawn[j]] = [drawn[j]!, drawn[i]!];
  }
  return drawn;
}

/** `word` begun as `like` is: with a capital, or not. */
export const asWritten = (word: string, like: string): string =>
  /^\p{Lu}/u.test(like) ? word.charAt(0).toUpperCase() + word.slice(1) : word;
