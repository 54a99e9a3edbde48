import type { Hit } from './top-k.ts';

/** A weight of 1 gives 1 / (position + k); others stretch the positions. A weight of 0 silences the list. */
function positionScore(position: number, k: number, weight: number): number {
  return weight <= 0 ? 0 : Math.fround(1 / ((position + 1) / weight + k - 1));
}

/**
 * Reciprocal rank fusion of lists that are best first, in no order. One weight a list, or 1 for all.
 * Source: Qdrant 1.18, as its documentation of hybrid queries has it (k = 2 by default, positions from 0).
 */
export function fuseByRank(
  lists: readonly Hit[][],
  k: number,
  weights: readonly number[] | undefined,
): Hit[] {
  const scores = new Map<number, number>();
  lists.forEach((list, source) => {
    list.forEach(({ slot }, position) => {
      const score = positionScore(position, k, weights?.[source] ?? 1);
      scores.set(slot, Math.fround((scores.get(slot) ?? 0) + score));
    });
  });
  return Array.from(scores, ([slot, score]) => ({ slot, score }));
}
