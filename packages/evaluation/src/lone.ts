import { randomOf } from '@afk/text';
import type { Doc } from '@afk/topics';
import type { GoldHeadline } from './data/headlines.ts';

const DRAWS = [1, 2, 3];

/**
 * Whether outliers stay single: one headline of every gold story, drawn with a seed, all of the same moment; the share of them that
 * no other is grouped with, mean of three draws. Gold stories alone never ask this: everything in them belongs somewhere.
 */
export function loneKept(headlines: readonly GoldHeadline[], group: (docs: Doc[]) => string[]): number {
  const stories = [...Map.groupBy(headlines, ({ gold }) => gold).values()];
  const shares = DRAWS.map((seed) => {
    const { uniform } = randomOf(seed);
    const drawn = stories.map((story) => story[Math.floor(uniform() * story.length)]!);
    const found = group(drawn.map(({ doc }) => ({ ...doc, publishedAt: 0 })));
    const sizes = new Map<string, number>();
    for (const story of found) sizes.set(story, (sizes.get(story) ?? 0) + 1);
    return [...sizes.values()].filter((size) => size === 1).length / found.length;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
