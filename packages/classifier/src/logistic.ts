import type { Steps } from '@afk/text';
import { minimise } from './lbfgs.ts';
import { rowsIn, type Matrix } from './matrix.ts';

/** Logits of rows (rows x labels), row-major. */
export function logitsOf(
  rows: Matrix,
  weights: Float64Array | Float32Array,
  intercepts: Float64Array | Float32Array,
): Float64Array {
  const { starts, columns, values } = rows;
  const labels = intercepts.length;
  const n = rowsIn(rows);
  const logits = new Float64Array(n * labels);
  const own = new Float64Array(labels);
  for (let i = 0; i < n; i += 1) {
    own.set(intercepts);
    const end = starts[i + 1]!;
    for (let k = starts[i]!; k < end; k += 1) {
      const value = values[k]!;
      const from = columns[k]! * labels;
      for (let c = 0; c < labels; c += 1) own[c] = own[c]! + value * weights[from + c]!;
    }
    logits.set(own, i * labels);
  }
  return logits;
}

/** Turns logits into probabilities, row by row, in place; returns the log(sum of exp) of each row. */
export function softmax(logits: Float64Array, labels: number): Float64Array {
  const totals = new Float64Array(logits.length / labels);
  for (let i = 0; i < totals.length; i += 1) {
    const from = i * labels;
    let highest = -Infinity;
    for (let c = 0; c < labels; c += 1) highest = Math.max(highest, logits[from + c]!);
    let sum = 0;
    for (let c = 0; c < labels; c += 1) {
      const e = Math.exp(logits[from + c]! - highest);
      logits[from + c] = e;
      sum += e;
    }
    for (let c = 0; c < labels; c += 1) logits[from + c] = logits[from + c]! / sum;
    totals[i] = highest + Math.log(sum);
  }
  return totals;
}

/** Weights: features x labels, row-major; intercepts: one a label. */
export type Fit = { weights: Float64Array; intercepts: Float64Array };

/** What is learned from: a label number and a weight (1 for a label that was given) a row. */
export type Sample = { rows: Matrix; targets: Int32Array; weights: Float64Array };

export type Shape = { features: number; labels: number };

/**
 * Multinomial logistic regression: minimises the weighted mean log-loss + l2/2 |W|² (intercepts free) by L-BFGS from zero.
 *
 * There are far more features than rows, and every L-BFGS vector is a combination W = X' A of the rows (representer
 * theorem). So the vectors are kept as [A, X X' A, intercepts], rows x labels instead of features x
 * labels, with A · X X' B as the inner product; the iterates are those of the plain form.
 */
export function* fitLogistic(sample: Sample, { features, labels }: Shape, l2: number): Steps<Fit> {
  const { rows } = sample;
  const size = sample.targets.length * labels;
  const through = productOf(rows, features, labels);
  const objective = (point: Float64Array, gradient: Float64Array): number => {
    const { loss, residuals } = residualsOf(sample, point.subarray(size), labels);
    gradient.fill(0);
    let squares = 0;
    for (let i = 0; i < size; i += 1) {
      const intercept = 2 * size + (i % labels);
      gradient[i] = residuals[i]! + l2 * point[i]!;
      gradient[intercept] = gradient[intercept]! + residuals[i]!;
      squares += point[i]! * point[size + i]!;
    }
    gradient.set(through(gradient.subarray(0, size)), size);
    return loss + (l2 / 2) * squares;
  };
  const inner = (a: Float64Array, b: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < size; i += 1) sum += a[i]! * b[size + i]!;
    for (let i = 2 * size; i < a.length; i += 1) sum += a[i]! * b[i]!;
    return sum;
  };
  const point = yield* minimise(objective, new Float64Array(2 * size + labels), { inner });
  return {
    weights: combine(rows, point.subarray(0, size), features, labels),
    intercepts: point.slice(2 * size),
  };
}

/** A -> X X' A, by way of the features, or of X X' itself where there are few long rows. */
function productOf(
  rows: Matrix,
  features: number,
  labels: number,
): (coefficients: Float64Array) => Float64Array {
  const n = rowsIn(rows);
  const none = new Float64Array(labels);
  if (n * n > rows.columns.length)
    return (coefficients) => logitsOf(rows, combine(rows, coefficients, features, labels), none);
  const similar = similarities(rows, features);
  return (coefficients) => {
    const product = new Float64Array(n * labels);
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j < n; j += 1) {
        const value = similar[i * n + j]!;
        for (let c = 0; c < labels; c += 1)
          product[i * labels + c] = product[i * labels + c]! + value * coefficients[j * labels + c]!;
      }
    }
    return product;
  };
}

/** X X', n x n. */
function similarities({ starts, columns, values }: Matrix, features: number): Float64Array {
  const n = starts.length - 1;
  const result = new Float64Array(n * n);
  const own = new Float64Array(features);
  for (let i = 0; i < n; i += 1) {
    for (let k = starts[i]!; k < starts[i + 1]!; k += 1) own[columns[k]!] = values[k]!;
    for (let j = 0; j <= i; j += 1) {
      let sum = 0;
      const end = starts[j + 1]!;
      for (let k = starts[j]!; k < end; k += 1) sum += values[k]! * own[columns[k]!]!;
      result[i * n + j] = sum;
      result[j * n + i] = sum;
    }
    for (let k = starts[i]!; k < starts[i + 1]!; k += 1) own[columns[k]!] = 0;
  }
  return result;
}

/** Weighted mean log-loss of logits that stand before their intercepts, and its gradient by logit. */
function residualsOf(
  { targets, weights }: Sample,
  logits: Float64Array,
  labels: number,
): { loss: number; residuals: Float64Array } {
  const size = targets.length * labels;
  const residuals = logits.slice(0, size);
  for (let i = 0; i < size; i += 1) residuals[i] = residuals[i]! + logits[size + (i % labels)]!;
  const chosen = Float64Array.from(targets, (target, i) => residuals[i * labels + target]!);
  const totals = softmax(residuals, labels);
  const mass = weights.reduce((sum, weight) => sum + weight, 0);
  let loss = 0;
  for (let i = 0; i < targets.length; i += 1) {
    const share = weights[i]! / mass;
    loss += share * (totals[i]! - chosen[i]!);
    const from = i * labels;
    residuals[from + targets[i]!] = residuals[from + targets[i]!]! - 1;
    for (let c = 0; c < labels; c += 1) residuals[from + c] = residuals[from + c]! * share;
  }
  return { loss, residuals };
}

/** X' A: each row's features, weighted by its coefficients (rows x labels). */
function combine(rows: Matrix, coefficients: Float64Array, features: number, labels: number): Float64Array {
  const { starts, columns, values } = rows;
  const weights = new Float64Array(features * labels);
  for (let i = 0; i < rowsIn(rows); i += 1) {
    const own = coefficients.subarray(i * labels, (i + 1) * labels);
    const end = starts[i + 1]!;
    for (let k = starts[i]!; k < end; k += 1) {
      const value = values[k]!;
      const from = columns[k]! * labels;
      for (let c = 0; c < labels; c += 1) weights[from + c] = weights[from + c]! + value * own[c]!;
    }
  }
  return weights;
}
