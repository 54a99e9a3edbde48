import { MAX_HITS } from '@afk/contracts';
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
export const DEPTH = MAX_HITS / 2;

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
 * The questions of one search, for `points/query/batch`: the fused list, and where two lists were fused, the sparse one
 * by itself, to know the ranks. The filter stands inside each prefetch: fused is only what passes.
 *
 * @param payload fields of the payload that the fused list is to have
 */
export function questions(
  nears: Nears,
  filter: Filter | undefined,
  payload: readonly string[] = [],
): QueryBody[] {
  const within = { ...(filter ? { filter } : {}), limit: DEPTH };
  const sparse = nears.sparse && { query: nears.sparse, using: SPARSE, ...within };
  const dense = nears.dense && {
    query: nears.dense,
    using: DENSE,
    score_threshold: LEAST_SIMILARITY,
    ...within,
  };
  const shown = { with_payload: payload.length > 0 ? [...payload] : false };
  const only = sparse || dense;
  if (!only) return [];
  if (!sparse || !dense) return [{ ...only, ...shown }];
  const query = { rrf: { k: FUSION.k, weights: [FUSION.sparse, FUSION.dense] } };
  return [{ prefetch: [sparse, dense], query, limit: MAX_HITS, ...shown }, sparse];
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
  const [first = [], sparse = []] = answers;
  const places = nears.sparse && nears.dense ? fusedPlaces(sparse) : alonePlaces(first, nears);
  return first
    .map((point) => {
      const id = String(point.id);
      return { id, score: point.score, ...places(id, point.score), payload: point.payload ?? {} };
    })
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}

type Places = (id: string, score: number) => Pick<Ranked, 'sparseRank' | 'denseRank'>;

function alonePlaces(list: readonly Scored[], nears: Nears): Places {
  const ranks = ranksOf(list);
  return (id) => {
    const rank = ranks.get(id) ?? null;
    return nears.sparse ? { sparseRank: rank, denseRank: null } : { sparseRank: null, denseRank: rank };
  };
}

/** What the sparse list gave to a score is known; what is left was given by its place in the dense one. */
function fusedPlaces(sparse: readonly Scored[]): Places {
  const ranks = ranksOf(sparse);
  return (id, score) => {
    const sparseRank = ranks.get(id) ?? null;
    const given = sparseRank === null ? 0 : 1 / (sparseRank / FUSION.sparse + FUSION.k - 1);
    return { sparseRank, denseRank: rankGiving(score - given) };
  };
}

/** The place in the dense list that is worth so much. The least, of place {@link DEPTH}, is far above what rounding leaves. */
function rankGiving(worth: number): number | null {
  const least = 1 / (DEPTH / FUSION.dense + FUSION.k - 1);
  return worth < least / 2 ? null : Math.round(FUSION.dense * (1 / worth - FUSION.k + 1));
}

function ranksOf(list: readonly Scored[]): Map<string, number> {
  return new Map(list.map((point, i) => [String(point.id), i + 1]));
}
