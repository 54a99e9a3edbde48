import type { Steps } from '../cooperate.ts';
import { invert } from '../sparse.ts';
import type { Rows } from '../sparse.ts';
import { gram, multiply, orthonormalise, times, zeros } from './dense.ts';
import { eigen } from './eigen.ts';
import { randomOf } from './random.ts';

export type SvdOptions = {
  /** Components wanted. */
  rank: number;
  /** Columns tried beyond them. */
  oversampling: number;
  /** Power iterations: each sharpens a slowly falling spectrum, as that of text is. */
  iterations: number;
  seed: number;
};

// Some milliseconds.
const DRAWS_A_STEP = 200_000;

/** A ~ U S V': the singular values, falling, and V (width x rank, row-major). U is A V S^-1. */
export type Svd = { rank: number; singular: Float64Array; right: Float32Array };

// Singular values below this share of the largest are rounding of single precision, not structure.
const NOISE = 1e-5;

/**
 * Truncated singular value decomposition by random projection (Halko, Martinsson & Tropp 2011, algorithms 4.4 and 5.1): Q spans the
 * range of (A A')^iterations A Omega with Omega Gaussian, orthonormalised after every product; with B = Q'A, the eigenvectors of
 * B B' give V = B'W S^-1. Fewer components come back when A has fewer. Memory O((n + width) (rank + oversampling)).
 */
export function* randomisedSvd(rows: Rows, options: SvdOptions): Steps<Svd> {
  const n = rows.starts.length - 1;
  const columns = Math.min(options.rank + options.oversampling, n, rows.width);
  const transposed = invert(rows);
  yield;
  const byColumn = { starts: transposed.starts, columns: transposed.rows, values: transposed.values };
  const { gaussian } = randomOf(options.seed);
  const right = zeros(rows.width, columns);
  for (let i = 0; i < right.values.length; i += 1) {
    right.values[i] = gaussian();
    if (i % DRAWS_A_STEP === 0) yield;
  }
  const left = zeros(n, columns);
  yield* orthonormalise(yield* multiply(rows, right, left));
  for (let iteration = 0; iteration < options.iterations; iteration += 1) {
    yield* orthonormalise(yield* multiply(byColumn, left, right));
    yield* orthonormalise(yield* multiply(rows, right, left));
  }
  yield* multiply(byColumn, left, right);
  const { values, vectors } = yield* eigen(yield* gram(right), columns);
  const singular = values.map((value) => Math.sqrt(Math.max(0, value)));
  const rank = countAbove(singular.subarray(0, options.rank), NOISE * (singular[0] ?? 0));
  const turn = new Float64Array(columns * rank);
  for (let i = 0; i < columns; i += 1)
    for (let j = 0; j < rank; j += 1) turn[i * rank + j] = vectors[i * columns + j]! / singular[j]!;
  const v = yield* times(right, turn, rank);
  fixSigns(v.values, rank);
  return { rank, singular: singular.slice(0, rank), right: v.values };
}

function countAbove(falling: Float64Array, least: number): number {
  let count = 0;
  while (count < falling.length && falling[count]! > least) count += 1;
  return count;
}

/** A component and its negative are the same; the one whose largest entry is positive is kept. */
function fixSigns(values: Float32Array, rank: number): void {
  const largest = new Float64Array(rank);
  for (let i = 0; i < values.length; i += 1) {
    const j = i % rank;
    if (Math.abs(values[i]!) > Math.abs(largest[j]!)) largest[j] = values[i]!;
  }
  for (let i = 0; i < values.length; i += 1) if (largest[i % rank]! < 0) values[i] = -values[i]!;
}
