import type { Filter } from './filter.ts';

/** The names of a point's vectors. */
export const SPARSE = 'text';
export const DENSE = 'meaning';

/** What is searched near to: a vector, or the id of the point that has it. */
export type Near<V> = V | string;
export type SparseNear = Near<{ indices: number[]; values: number[] }>;
export type DenseNear = Near<number[]>;
export type Nears = { sparse?: SparseNear | undefined; dense?: DenseNear | undefined };

/** Hits of either list. Two lists without a common one are a whole answer. */
export const DEPTH = 100;

/**
 * Reciprocal rank fusion as Qdrant has it: a hit at position p (from 0) of a list of weight w scores
 * 1 / ((p + 1) / w + k - 1). Chosen by `npm run eval:search`.
 */
export const FUSION = { k: 1, sparse: 1, dense: 0.5 };

/** Least cosine of what counts as meaning the like: without it every headline would be a hit. */
export const LEAST_SIMILARITY = 0.3;

/** A body of `POST points/query`. */
export type QueryBody = Record<string, unknown> & { limit: number };

/**
 * The questions of one search, for `points/query/batch`: the fused list, and where two lists were fused, either of
 * them, to know the ranks. The filter stands inside each prefetch: fused is only what passes.
 *
 * @param payload fields of the payload that the fused list is to have
 */
export function questions(
  nears: Nears,
  filter: Filter | undefined,
  payload: readonly string[] = [],
): QueryBody[] {
  const within = { ...(filter ? { filter } : {}), limit: DEPTH };
  const lists: QueryBody[] = [];
  if (nears.sparse) lists.push({ query: nears.sparse, using: SPARSE, ...within });
  if (nears.dense)
    lists.push({ query: nears.dense, using: DENSE, score_threshold: LEAST_SIMILARITY, ...within });
  const shown = { with_payload: payload.length > 0 ? [...payload] : false };
  const [only] = lists;
  if (!only) return [];
  if (lists.length === 1) return [{ ...only, ...shown }];
  const query = { rrf: { k: FUSION.k, weights: [FUSION.sparse, FUSION.dense] } };
  return [{ prefetch: lists, query, limit: 2 * DEPTH, ...shown }, ...lists];
}

/** A point as a query answers it. */
export type Scored = { id: string | number; score: number; payload?: Record<string, unknown> | null };

export type Ranked = {
  id: string;
  score: number;
  /** From 1; null: not in that list. */
  sparseRank: number | null;
  denseRank: number | null;
  payload: Record<string, unknown>;
};

/** Reads the answers to {@link questions}, best first; equal scores in order of id, so that a search can be repeated. */
export function rankedOf(nears: Nears, answers: readonly (readonly Scored[])[]): Ranked[] {
  const [fused = [], ...lists] = answers;
  const both = nears.sparse !== undefined && nears.dense !== undefined;
  const sparse = nears.sparse === undefined ? [] : both ? (lists[0] ?? []) : fused;
  const dense = nears.dense === undefined ? [] : both ? (lists[1] ?? []) : fused;
  const [sparseRanks, denseRanks] = [ranksOf(sparse), ranksOf(dense)];
  return fused
    .map((point) => {
      const id = String(point.id);
      const [sparseRank, denseRank] = [sparseRanks.get(id) ?? null, denseRanks.get(id) ?? null];
      return { id, score: point.score, sparseRank, denseRank, payload: point.payload ?? {} };
    })
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}

function ranksOf(list: readonly Scored[]): Map<string, number> {
  return new Map(list.map((point, i) => [String(point.id), i + 1]));
}
