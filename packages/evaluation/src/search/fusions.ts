import { FUSION } from '@afk/search';
import type { Lists } from './product.ts';

/** A way of fusing the two lists. `sparse` weighs 1. */
export type Fusion = { k: number; dense: number };

/** What is tried: from the first of either list nearly alone to lists that count as wholes; from words nearly alone to meanings first. */
export const fusions: Fusion[] = [1, 2, 5, 10, 20, 60].flatMap((k) =>
  [0.1, 0.2, 0.3, 0.5, 1, 2].map((dense) => ({ k, dense })),
);

export const isProduct = ({ k, dense }: Fusion): boolean =>
  k === FUSION.k && dense === FUSION.dense / FUSION.sparse;

/**
 * Reciprocal rank fusion as Qdrant has it: the hit at position p, from 0, of a list of weight w scores 1 / ((p + 1) / w + k - 1); equal
 * scores in the order of the documents.
 */
export function fused({ sparse, dense }: Lists, fusion: Fusion): number[] {
  const scores = new Map<number, number>();
  for (const [list, weight] of [
    [sparse, 1],
    [dense, fusion.dense],
  ] as const) {
    for (const [p, document] of list.entries())
      scores.set(document, (scores.get(document) ?? 0) + 1 / ((p + 1) / weight + fusion.k - 1));
  }
  return [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([document]) => document);
}
