import type { Steps } from '../cooperate.ts';

/** Dense matrix, row-major. */
export type Dense = { rows: number; columns: number; values: Float32Array };

/** Sparse matrix by rows, as `Rows` or `Postings` have them. */
export type Sparse = { starts: Int32Array; columns: Int32Array; values: Float64Array };

/** Multiply-adds between two yields: some milliseconds. */
const SLICE = 4_000_000;

export const zeros = (rows: number, columns: number): Dense => ({
  rows,
  columns,
  values: new Float32Array(rows * columns),
});

/** sparse x dense into `result`; each row is summed in double precision. */
export function* multiply(sparse: Sparse, dense: Dense, result: Dense): Steps<Dense> {
  const { starts, columns, values } = sparse;
  const width = dense.columns;
  const sums = new Float64Array(width);
  let work = 0;
  for (let i = 0; i < result.rows; i += 1) {
    sums.fill(0);
    const end = starts[i + 1]!;
    for (let k = starts[i]!; k < end; k += 1) addScaled(sums, dense.values, columns[k]! * width, values[k]!);
    result.values.set(sums, i * width);
    work += (end - starts[i]!) * width;
    if (work > SLICE) {
      work = 0;
      yield;
    }
  }
  return result;
}

function addScaled(sums: Float64Array, from: Float32Array, at: number, factor: number): void {
  const width = sums.length;
  for (let j = 0; j < width; j += 1) sums[j] = sums[j]! + factor * from[at + j]!;
}

/** Y'Y, columns x columns, symmetric, in double precision. Four rows at a time: sums are then read and written once for four. */
export function* gram({ rows, columns: width, values }: Dense): Steps<Float64Array> {
  const sums = new Float64Array(width * width);
  const four = new Float64Array(4 * width);
  const slice = 4 * Math.ceil(SLICE / (2 * width * width || 1));
  for (let i = 0; i < rows; i += 4) {
    four.fill(0);
    four.set(values.subarray(i * width, (i + 4) * width));
    addProducts(sums, four, width);
    if (i % slice === slice - 4) yield;
  }
  for (let a = 0; a < width; a += 1)
    for (let b = 0; b < a; b += 1) sums[a * width + b] = sums[b * width + a]!;
  return sums;
}

/** Adds the products of four rows to the upper triangle. */
function addProducts(sums: Float64Array, four: Float64Array, width: number): void {
  for (let a = 0; a < width; a += 1) {
    const v0 = four[a]!;
    const v1 = four[width + a]!;
    const v2 = four[2 * width + a]!;
    const v3 = four[3 * width + a]!;
    const to = a * width;
    for (let b = a; b < width; b += 1) {
      const products =
        v0 * four[b]! + v1 * four[width + b]! + v2 * four[2 * width + b]! + v3 * four[3 * width + b]!;
      sums[to + b] = sums[to + b]! + products;
    }
  }
}

/** Y M, M being columns x width, row-major. */
export function* times({ rows, columns, values }: Dense, matrix: Float64Array, width: number): Steps<Dense> {
  const result = zeros(rows, width);
  const sums = new Float64Array(width);
  const slice = Math.ceil(SLICE / (columns * width || 1));
  for (let i = 0; i < rows; i += 1) {
    sums.fill(0);
    for (let a = 0; a < columns; a += 1) {
      const value = values[i * columns + a]!;
      if (value === 0) continue;
      const from = a * width;
      for (let b = 0; b < width; b += 1) sums[b] = sums[b]! + value * matrix[from + b]!;
    }
    result.values.set(sums, i * width);
    if (i % slice === slice - 1) yield;
  }
  return result;
}

// Of a column's squared length, what must be left beside the columns before it: below this it is rounding.
const INDEPENDENT = 1e-11;

/**
 * An orthonormal basis of the columns, in place: Cholesky QR, twice (Yamamoto et al. 2015), as one pass alone loses orthogonality
 * with the square of the condition number. Columns that depend on those before them become zero.
 */
export function* orthonormalise(matrix: Dense): Steps<Dense> {
  for (let pass = 0; pass < 2; pass += 1) {
    yield* timesTriangle(matrix, inverseFactor(yield* gram(matrix), matrix.columns));
  }
  return matrix;
}

/** Y R in place, R being square and upper triangular: half the work of `times`. */
function* timesTriangle({ rows, columns: width, values }: Dense, triangle: Float64Array): Steps<void> {
  const sums = new Float64Array(width);
  const slice = Math.ceil((2 * SLICE) / (width * width || 1));
  for (let i = 0; i < rows; i += 1) {
    sums.fill(0);
    for (let a = 0; a < width; a += 1) {
      const value = values[i * width + a]!;
      const from = a * width;
      for (let b = a; b < width; b += 1) sums[b] = sums[b]! + value * triangle[from + b]!;
    }
    values.set(sums, i * width);
    if (i % slice === slice - 1) yield;
  }
}

/** The inverse of the upper triangle R with R'R = G; dependent columns of it are zero. */
function inverseFactor(gramian: Float64Array, n: number): Float64Array {
  const r = new Float64Array(n * n);
  for (let j = 0; j < n; j += 1) {
    for (let i = 0; i <= j; i += 1) {
      let sum = gramian[i * n + j]!;
      for (let k = 0; k < i; k += 1) sum -= r[k * n + i]! * r[k * n + j]!;
      if (i < j) r[i * n + j] = r[i * n + i] === 0 ? 0 : sum / r[i * n + i]!;
      else r[j * n + j] = sum > INDEPENDENT * gramian[j * n + j]! ? Math.sqrt(sum) : 0;
    }
  }
  const inverse = new Float64Array(n * n);
  for (let j = 0; j < n; j += 1) {
    if (r[j * n + j] === 0) continue;
    inverse[j * n + j] = 1 / r[j * n + j]!;
    for (let i = j - 1; i >= 0; i -= 1) {
      if (r[i * n + i] === 0) continue;
      let sum = 0;
      for (let k = i + 1; k <= j; k += 1) sum += r[i * n + k]! * inverse[k * n + j]!;
      inverse[i * n + j] = -sum / r[i * n + i]!;
    }
  }
  return inverse;
}
