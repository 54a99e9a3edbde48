import type { Hit } from './top-k.ts';

type Scores = Map<number, number>;

function add(scores: Scores, slot: number, score: number): void {
  scores.set(slot, Math.fround((scores.get(slot) ?? 0) + score));
}

const hitsOf = (scores: Scores): Hit[] => Array.from(scores, ([slot, score]) => ({ slot, score }));

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
  const scores: Scores = new Map();
  lists.forEach((list, source) => {
    list.forEach(({ slot }, position) => {
      add(scores, slot, positionScore(position, k, weights?.[source] ?? 1));
    });
  });
  return hitsOf(scores);
}

/** What a list that says nothing of how far apart its points are gives each of them. */
const MIDDLE = 0.5;

/** Maps the scores of a list so that three standard deviations below and above their mean become 0 and 1. */
function normaliser(list: readonly Hit[]): (score: number) => number {
  const mean = list.reduce((sum, { score }) => sum + score, 0) / list.length;
  const squares = list.reduce((sum, { score }) => sum + (score - mean) ** 2, 0);
  // The sample's variance, which one point does not have.
  const deviation = list.length > 1 ? Math.sqrt(squares / (list.length - 1)) : 0;
  if (deviation === 0) return () => MIDDLE;
  return (score) => (score - (mean - 3 * deviation)) / (6 * deviation);
}

/**
 * Distribution-based score fusion of lists of scores, in no order.
 * Source: Qdrant 1.18, as its documentation of hybrid queries has it.
 */
export function fuseByDistribution(lists: readonly Hit[][]): Hit[] {
  const scores: Scores = new Map();
  for (const list of lists) {
    const normal = normaliser(list);
    for (const { slot, score } of list) add(scores, slot, normal(score));
  }
  return hitsOf(scores);
}
