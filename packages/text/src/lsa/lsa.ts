import { runSteps, type Steps } from '../cooperate.ts';
import { rowCount } from '../sparse.ts';
import type { Rows } from '../sparse.ts';
import { multiply } from './dense.ts';
import { randomisedSvd, type SvdOptions } from './svd.ts';

/** Latent semantic analysis (Deerwester et al. 1990): the plane of the strongest components of a collection. */
export type Lsa = {
  /** Columns of the rows it was fitted to. */
  readonly width: number;
  /** Components: the wanted number, or fewer when the collection has no more. */
  readonly rank: number;
  /** Falling. */
  readonly singular: Float64Array;
  /** V: width x rank, row-major. */
  readonly components: Float32Array;
};

export type LsaOptions = Partial<SvdOptions>;

/**
 * Fits the strongest `rank` components (default 100; 50 to 200 change little) to TF-IDF rows. The same rows and seed give the same
 * bits. Throws RangeError on options that are no counts.
 */
export function* fitLsa(
  rows: Rows,
  { rank = 100, oversampling = 10, iterations = 4, seed = 1 }: LsaOptions = {},
): Steps<Lsa> {
  for (const [name, value] of Object.entries({ rank, oversampling, iterations, seed })) {
    if (!Number.isSafeInteger(value) || value < 0)
      throw new RangeError(`fitLsa: ${name} ${value}: must be a whole number, 0 or more`);
  }
  const svd = yield* randomisedSvd(rows, { rank, oversampling, iterations, seed });
  return { width: rows.width, rank: svd.rank, singular: svd.singular, components: svd.right };
}

/**
 * Coordinates of rows, L2(x V), n x rank, row-major; a row without a known column stays zero. For the rows of the fit that is
 * L2(U S). New rows must be weighted like those of the fit: the same columns, the same document frequencies.
 */
export function foldIn(lsa: Lsa, rows: Rows): Float32Array {
  return runSteps(foldInSteps(lsa, rows));
}

/** The same in steps, for many rows. */
export function* foldInSteps({ width, rank, components }: Lsa, rows: Rows): Steps<Float32Array> {
  if (rows.width !== width) throw new RangeError(`foldIn: rows of width ${rows.width}, fitted to ${width}`);
  const n = rowCount(rows);
  const dense = { rows: width, columns: rank, values: components };
  const { values } = yield* multiply(rows, dense, {
    rows: n,
    columns: rank,
    values: new Float32Array(n * rank),
  });
  for (let i = 0; i < n; i += 1) normaliseRow(values.subarray(i * rank, (i + 1) * rank));
  return values;
}

function normaliseRow(row: Float32Array): void {
  let squares = 0;
  for (let j = 0; j < row.length; j += 1) squares += row[j]! * row[j]!;
  // Rounding of a row without known columns must not become a direction.
  const scale = squares > 1e-20 ? 1 / Math.sqrt(squares) : 0;
  for (let j = 0; j < row.length; j += 1) row[j] = row[j]! * scale;
}
