import { randomOf } from '@afk/text';
import type { Doc } from '../../types.ts';

export const HOUR = 3_600_000;
export const START = 1_700_000_000_000;

/** A headline of a test. `hours` after START. */
export const headline = (id: string, title: string, hours: number, more: Partial<Doc> = {}): Doc => ({
  id,
  title,
  language: 'en',
  publishedAt: START + hours * HOUR,
  publisher: 'Paper',
  ...more,
});

const SYLLABLES = 'ba cho du fen gri hol jau kle mir nop pru qua ros ste tiv vul wex yan zor'.split(' ');
const COMMON = 'says after new over deal fire vote talks rises court'.split(' ');

const WORDS = SYLLABLES.length ** 4;

/** A word that no language has: a number below 130,321 in four syllables, scattered, so that neighbours do not look alike. */
export function inventedWord(n: number): string {
  const scattered = (n * 60_013 + 7_919) % WORDS;
  const at = (place: number): string =>
    SYLLABLES[Math.floor(scattered / SYLLABLES.length ** place) % SYLLABLES.length]!;
  return at(0) + at(1) + at(2) + at(3);
}

/** Titles of a world of news: each story has words of its own, each title some of them and one that all stories use. */
export class World {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = randomOf(seed).uniform;
  }

  /** A whole number from 0 to n - 1. */
  below(n: number): number {
    return Math.floor(this.#random() * n);
  }

  title(story: number): string {
    const own = Array.from({ length: 7 }, (_, k) => inventedWord(story * 7 + k + 1));
    const words = this.shuffled(own).slice(0, 4 + this.below(2));
    words.splice(this.below(words.length), 0, COMMON[this.below(COMMON.length)]!);
    return words.join(' ');
  }

  /** Like all others of its kind, and equally like each: the same two words, and four that nobody else has. */
  tied(): string {
    const own = Array.from({ length: 4 }, () => inventedWord(20_000 + this.below(100_000)));
    return ['zebra', 'yacht', ...own].join(' ');
  }

  shuffled<T>(values: readonly T[]): T[] {
    const all = [...values];
    for (let i = all.length - 1; i > 0; i -= 1) {
      const j = this.below(i + 1);
      [all[i], all[j]] = [all[j]!, all[i]!];
    }
    return all;
  }
}
