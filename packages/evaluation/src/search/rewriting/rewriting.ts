import { fold } from '@afk/text';
import type { Random } from '@afk/text';
import { otherNumber } from './number.ts';
import { synonymOf } from './synonyms.ts';
import { shuffled, some, tellingOf, wordsOf, type NewsLanguage } from './words.ts';

/** Makes a query of a headline by rule; undefined where the rule finds nothing to change in it. */
export type Rewriting = (title: string, language: NewsLanguage, random: Random) => string[] | undefined;

/** Words that are changed of one headline, at most. */
const CHANGED = 3;
/** The share of the telling words that stays in every kind but the first two, where it is said. */
const KEPT = 0.75;

const share = (words: readonly string[], part: number): number => Math.max(3, Math.ceil(part * words.length));

/**
 * How people misremember a headline. A rule that changes words keeps the changed ones, and leaves out a quarter of the others:
 * what stays as it was is not what it is there to test.
 */
export const rewritings = {
  /** Half of its telling words, at least three. */
  dropped: (title, language, random) => {
    const words = tellingOf(title, language);
    return some(words, share(words, 0.5), random);
  },
  /** Three quarters of its telling words, in any order. */
  reordered: (title, language, random) => {
    const words = tellingOf(title, language);
    return shuffled(some(words, share(words, KEPT), random), random);
  },
  /** Singular for plural and the other way round, in up to three words. */
  inflected: (title, language, random) => {
    return changed(tellingOf(title, language), (word) => otherNumber(word, language), random);
  },
  /** Digits for number words and the other way round, another word for up to three. */
  paraphrased: (title, language, random) => {
    return changed(tellingOf(title, language), (word) => synonymOf(word, language), random);
  },
  /** As on a telephone: small letters, no accents, a space or nothing for apostrophes and hyphens; stop words too. */
  typed: (title, language, random) => {
    if (!/[\p{L}\p{N}]['’-][\p{L}\p{N}]/u.test(title) && fold(title) === title.toLowerCase())
      return undefined;
    const joint = random.uniform() < 0.5 ? ' ' : '';
    const typed = fold(title).replace(/(?<=[\p{L}\p{N}])['’-](?=[\p{L}\p{N}])/gu, joint);
    const words = wordsOf(typed, language);
    return some(words, share(words, KEPT), random);
  },
  /** Three of its telling words: so little that other headlines may have them, too. */
  'three words': (title, language, random) => some(tellingOf(title, language), 3, random),
} satisfies Record<string, Rewriting>;

export type Kind = keyof typeof rewritings;
export const kinds = Object.keys(rewritings) as Kind[];

function changed(
  words: readonly string[],
  change: (word: string) => string | undefined,
  random: Random,
): string[] | undefined {
  const able = words.map((_, i) => i).filter((i) => change(words[i]!) !== undefined);
  if (able.length === 0) return undefined;
  const chosen = new Set(shuffled(able, random).slice(0, CHANGED));
  const others = words.map((_, i) => i).filter((i) => !chosen.has(i));
  const kept = new Set(shuffled(others, random).slice(0, Math.ceil(KEPT * others.length)));
  return words.flatMap((word, i) => (chosen.has(i) ? [change(word)!] : kept.has(i) ? [word] : []));
}
