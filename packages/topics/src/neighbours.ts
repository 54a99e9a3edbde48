import type { Steps } from '@afk/text';
import { invert, rowCount } from './rows.ts';
import type { Rows } from './rows.ts';

/** Undirected edges, each once, `from[e] < to[e]`. */
export type Graph = { from: Int32Array; to: Int32Array };

export type NeighbourOptions = {
  /** Most neighbours a row brings in (it may be in more lists than its own). */
  k: number;
  /** Least cosine of a neighbour. */
  minCosine: number;
  /** Columns in more rows than this are not walked: they cost most and tell least. */
  maxPostings: number;
  /** May rows i and j be neighbours at all? (time) */
  allowed: (i: number, j: number) => boolean;
};

const ROWS_A_STEP = 256;

/**
 * The graph of each row's k nearest rows by cosine, through an inverted index: cost is the sum of the squared
 * posting lengths, memory is n k.
 */
export function* nearestNeighbours(rows: Rows, options: NeighbourOptions): Steps<Graph> {
  const n = rowCount(rows);
  const postings = invert(rows);
  const cosine = new Float64Array(n);
  const edges = new Float64Array(n * options.k);
  let count = 0;
  for (let i = 0; i < n; i += 1) {
    const touched: number[] = [];
    for (let k = rows.starts[i] ?? 0; k < (rows.starts[i + 1] ?? 0); k += 1) {
      const column = rows.columns[k] ?? 0;
      const weight = rows.values[k] ?? 0;
      const start = postings.starts[column] ?? 0;
      const end = postings.starts[column + 1] ?? 0;
      if (end - start > options.maxPostings) continue;
      for (let p = start; p < end; p += 1) {
        const j = postings.rows[p] ?? 0;
        if (cosine[j] === 0) touched.push(j);
        cosine[j] = (cosine[j] ?? 0) + weight * (postings.values[p] ?? 0);
      }
    }
    const near = touched.filter(
      (j) => (cosine[j] ?? 0) >= options.minCosine && j !== i && options.allowed(i, j),
    );
    for (const j of best(near, cosine, options.k)) {
      edges[count] = Math.min(i, j) * n + Math.max(i, j);
      count += 1;
    }
    for (const j of touched) cosine[j] = 0;
    if (i % ROWS_A_STEP === 0) yield;
  }
  // Two rows may have found each other: every edge once.
  const sorted = edges
    .subarray(0, count)
    .sort()
    .filter((edge, e, all) => edge !== all[e - 1]);
  return {
    from: Int32Array.from(sorted, (edge) => Math.floor(edge / n)),
    to: Int32Array.from(sorted, (edge) => edge % n),
  };
}

/**
 * The k rows of highest cosine, by insertion into a short sorted list: most rows fail at its last place.
 * Ties go to the lower row, so that the graph does not depend on the order of the postings.
 */
function best(rows: readonly number[], cosine: Float64Array, k: number): number[] {
  const kept: number[] = [];
  const closer = (a: number, b: number): boolean => {
    const difference = (cosine[a] ?? 0) - (cosine[b] ?? 0);
    return difference > 0 || (difference === 0 && a < b);
  };
  for (const row of rows) {
    let at = kept.length;
    while (at > 0 && closer(row, kept[at - 1] ?? 0)) at -= 1;
    if (at >= k) continue;
    kept.splice(at, 0, row);
    if (kept.length > k) kept.pop();
  }
  return kept;
}
