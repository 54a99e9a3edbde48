import type { Steps } from '@afk/text';
import { isPart } from './features.ts';

// A word has some twenty parts, which would drown it; chosen by cross-validation on the seed (1, 2, 3, 5 tried).
const WHOLE_WORD_WEIGHT = 3;
const ROWS_A_STEP = 2000;

/** Sparse rows (CSR), L2-normalised TF-IDF; the row of a text without features is empty. */
export type Matrix = { starts: Int32Array; columns: Int32Array; values: Float32Array };

/** Weight of each column before normalisation: smoothed IDF, times the word weight for whole words. */
export function columnWeights(features: Iterable<string>, idf: Float32Array): Float64Array {
  const weights = new Float64Array(idf);
  let column = 0;
  for (const feature of features) {
    if (!isPart(feature)) weights[column] = weights[column]! * WHOLE_WORD_WEIGHT;
    column += 1;
  }
  return weights;
}

/** Smoothed inverse document frequency, (ln((1 + n) / (1 + df)) + 1)^power, of n texts. */
export function smoothedIdf(documents: ArrayLike<number>, n: number, power: number): Float32Array {
  return Float32Array.from(documents, (count) => (Math.log((1 + n) / (1 + count)) + 1) ** power);
}

/** weight (1 + ln tf), rows of length 1, or empty. */
export function* matrixSteps(texts: readonly (readonly number[])[], weights: Float64Array): Steps<Matrix> {
  const starts = new Int32Array(texts.length + 1);
  const columns: number[] = [];
  const values: number[] = [];
  const counts = new Int32Array(weights.length);
  for (const [i, text] of texts.entries()) {
    pushRow(text, weights, counts, columns, values);
    starts[i + 1] = columns.length;
    if (i % ROWS_A_STEP === ROWS_A_STEP - 1) yield;
  }
  return { starts, columns: Int32Array.from(columns), values: Float32Array.from(values) };
}

/** `counts` is all zero before and after. */
function pushRow(
  text: readonly number[],
  weights: Float64Array,
  counts: Int32Array,
  columns: number[],
  values: number[],
): void {
  const from = columns.length;
  for (const column of text) {
    if (counts[column] === 0) columns.push(column);
    counts[column] = counts[column]! + 1;
  }
  let squares = 0;
  for (let k = from; k < columns.length; k += 1) {
    const column = columns[k]!;
    const value = weights[column]! * (1 + Math.log(counts[column]!));
    counts[column] = 0;
    values.push(value);
    squares += value * value;
  }
  const length = Math.sqrt(squares);
  for (let k = from; k < values.length; k += 1) values[k] = values[k]! / length;
}

export const rowsIn = (matrix: Matrix): number => matrix.starts.length - 1;

/** The given rows, in the given order. */
export function pickRows(matrix: Matrix, rows: readonly number[]): Matrix {
  const starts = new Int32Array(rows.length + 1);
  for (const [i, row] of rows.entries())
    starts[i + 1] = starts[i]! + matrix.starts[row + 1]! - matrix.starts[row]!;
  const columns = new Int32Array(starts[rows.length]!);
  const values = new Float32Array(columns.length);
  for (const [i, row] of rows.entries()) {
    columns.set(matrix.columns.subarray(matrix.starts[row], matrix.starts[row + 1]), starts[i]);
    values.set(matrix.values.subarray(matrix.starts[row], matrix.starts[row + 1]), starts[i]);
  }
  return { starts, columns, values };
}

/** The rows of one below those of the other. */
export function stackRows(above: Matrix, below: Matrix): Matrix {
  const shift = above.columns.length;
  const starts = new Int32Array(above.starts.length + below.starts.length - 1);
  starts.set(above.starts);
  starts.set(below.starts.map((start) => start + shift).subarray(1), above.starts.length);
  const columns = new Int32Array(shift + below.columns.length);
  columns.set(above.columns);
  columns.set(below.columns, shift);
  const values = new Float32Array(columns.length);
  values.set(above.values);
  values.set(below.values, shift);
  return { starts, columns, values };
}

/** Rows with `width` dense columns more, numbered from `first`; zeros are left out. */
export function appendDense(matrix: Matrix, dense: Float32Array, width: number, first: number): Matrix {
  const n = rowsIn(matrix);
  const starts = new Int32Array(n + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < n; i += 1) {
    for (let k = matrix.starts[i]!; k < matrix.starts[i + 1]!; k += 1) {
      columns.push(matrix.columns[k]!);
      values.push(matrix.values[k]!);
    }
    for (let j = 0; j < width; j += 1) {
      if (dense[i * width + j] === 0) continue;
      columns.push(first + j);
      values.push(dense[i * width + j]!);
    }
    starts[i + 1] = columns.length;
  }
  return { starts, columns: Int32Array.from(columns), values: Float32Array.from(values) };
}

/** Rows with each column times its factor, of length 1 again, or empty. */
export function reweigh(rows: Matrix, factors: Float64Array): Matrix {
  const values = rows.values.map((value, k) => value * factors[rows.columns[k]!]!);
  for (let i = 0; i < rowsIn(rows); i += 1) {
    const row = values.subarray(rows.starts[i], rows.starts[i + 1]);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) for (let k = 0; k < row.length; k += 1) row[k] = row[k]! / length;
  }
  return { ...rows, values };
}

/** In how many rows each column is. */
export function documentsOf(matrices: readonly Matrix[], width: number): Int32Array {
  const counts = new Int32Array(width);
  for (const { columns } of matrices) for (const column of columns) counts[column] = counts[column]! + 1;
  return counts;
}
