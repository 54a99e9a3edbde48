import { randomOf } from '@afk/text';
import type { Random } from '@afk/text';
import type { Doc } from '@afk/topics';
import { realHeadlines } from '../data/real.ts';
import type { RealHeadline } from '../data/real.ts';
import { inventedHeadlines } from './invented.ts';

/** A headline to begin with. `at`: when, from 0 (the first of its set) to 1 (the last). */
export type Told = { title: string; language: string; publisher: string; at: number };
export type Source = { told: Told[]; name: string };

const HOUR = 3_600_000;
const SEED = 7;
/** The real day and a half, and how far the copies of a headline are scattered: together they fit the window of 72 h. */
const DAY = 36 * HOUR;
const SCATTER = 34 * HOUR;
/** Where the window ends that all headlines lie in, milliseconds. */
export const UNTIL = 71 * HOUR;
/** Words of so many headlines belong to the language, rarer ones to the story. */
const EVERYDAY = 60;
const LEFT_OUT = 0.05;

/** Both sets of real headlines in the folder, in an order that is drawn once; invented ones where there is neither. */
export function sourceOf(folder: string): Source {
  const { en, fr } = realHeadlines(folder);
  const told = [en, fr].filter(({ length }) => length > 0).flatMap((set) => scaled(set.map(toldOf)));
  if (told.length === 0)
    return { told: inventedHeadlines(SEED), name: `invented headlines: no real ones in ${folder}` };
  return { told: shuffled(told, randomOf(SEED)), name: `${told.length} real headlines` };
}

const toldOf = ({ publishedAt, ...headline }: RealHeadline): Told => ({ ...headline, at: publishedAt });

function scaled(told: readonly Told[]): Told[] {
  const times = told.map(({ at }) => at).sort((a, b) => a - b);
  const [first, last] = [times[0]!, times.at(-1)!];
  return told.map((one) => ({ ...one, at: last === first ? 0 : (one.at - first) / (last - first) }));
}

function shuffled<T>(values: T[], { uniform }: Random): T[] {
  for (let i = values.length - 1; i > 0; i -= 1) {
    const j = Math.floor(uniform() * (i + 1));
    [values[i], values[j]] = [values[j]!, values[i]!];
  }
  return values;
}

/**
 * As many headlines as asked for, out of fewer: first the real ones, then their like in parallel worlds, a world a round. In a
 * world the rarer words (those of up to 60 real headlines) are the world's own, so that its stories are other stories of
 * the same make, and a twentieth of the words is left out, so that no two worlds are alike. All lie within 70 hours.
 */
export function multiplied(told: readonly Told[], count: number): Doc[] {
  const { uniform } = randomOf(SEED);
  const everyday = everydayWords(told);
  return Array.from({ length: count }, (_, i) => {
    const { title, at, ...rest } = told[i % told.length]!;
    const world = Math.floor(i / told.length);
    return {
      id: `h${i}`,
      title: world === 0 ? title : inWorld(title, world, everyday, uniform),
      publishedAt: Math.floor(at * DAY + uniform() * SCATTER),
      ...rest,
    };
  });
}

function everydayWords(told: readonly Told[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { title } of told) {
    for (const word of new Set(title.toLowerCase().match(/\p{L}+/gu)))
      counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count > EVERYDAY).map(([word]) => word));
}

function inWorld(title: string, world: number, everyday: ReadonlySet<string>, uniform: () => number): string {
  const suffix = String.fromCodePoint(97 + (Math.floor(world / 26) % 26), 97 + (world % 26));
  return title.replace(/\p{L}+/gu, (word) => {
    if (uniform() < LEFT_OUT) return '';
    return everyday.has(word.toLowerCase()) ? word : word + suffix;
  });
}
