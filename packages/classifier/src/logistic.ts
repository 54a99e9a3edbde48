import type { Steps } from '@afk/text';
import type { Matrix } from './features.ts';
import { minimise } from './lbfgs.ts';

/** Logits of rows (rows x labels), row-major. */
export function logitsOf(
  rows: Matrix,
  weights: Float64Array | Float32Array,
  intercepts: Float64Array | Float32Array,
): Float64Array {
  const labels = intercepts.length;
  const n = rows.starts.length - 1;
  const logits = new Float64Array(n * labels);
  for (let i = 0; i < n; i += 1) {
    logits.set(intercepts, i * labels);
    for (let k = rows.starts[i] ?? 0; k < (rows.starts[i + 1] ?? 0); k += 1) {
      const value = rows.values[k] ?? 0;
      const from = (rows.columns[k] ?? 0) * labels;
      for (let c = 0; c < labels; c += 1) {
        logits[i * labels + c] = (logits[i * labels + c] ?? 0) + value * (weights[from + c] ?? 0);
      }
    }
  }
  return logits;
}

/** Turns logits into probabilities, row by row, in place; returns the sum of log(sum of exp) over the rows. */
export function softmax(logits: Float64Array, labels: number): number {
  let total = 0;
  for (let from = 0; from < logits.length; from += labels) {
    let highest = -Infinity;
    for (let c = 0; c < labels; c += 1) highest = Math.max(highest, logits[from + c] ?? 0);
    let sum = 0;
    for (let c = 0; c < labels; c += 1) {
      const e = Math.exp((logits[from + c] ?? 0) - highest);
      logits[from + c] = e;
      sum += e;
    }
    for (let c = 0; c < labels; c += 1) logits[from + c] = (logits[from + c] ?? 0) / sum;
    total += highest + Math.log(sum);
  }
  return total;
}

/** Weights: features x labels, row-major; intercepts: one a label. */
export type Fit = { weights: Float64Array; intercepts: Float64Array };

/**
 * Multinomial logistic regression: minimises mean log-loss + l2/2 |W|² (intercepts free) by L-BFGS from zero.
 * `targets` holds a label number a row.
 *
 * There are far more features than rows, and every L-BFGS vector is a combination W = X' A of the rows (representer
 * theorem). So the vectors are kept as [A, X X' A, intercepts], rows x labels instead of features x
 * labels, with A · X X' B as the inner product; the iterates are those of the plain form.
 */
export function* fitLogistic(
  rows: Matrix,
  targets: Int32Array,
  shape: { features: number; labels: number; l2: number },
): Steps<Fit> {
  const { features, labels, l2 } = shape;
  const n = targets.length;
  const size = n * labels;
  const objective = (point: Float64Array, gradient: Float64Array): number => {
    const residuals = point.slice(size, 2 * size);
    for (let i = 0; i < size; i += 1)
      residuals[i] = (residuals[i] ?? 0) + (point[2 * size + (i % labels)] ?? 0);
    let loss = 0;
    for (let i = 0; i < n; i += 1) loss -= residuals[i * labels + (targets[i] ?? 0)] ?? 0;
    loss += softmax(residuals, labels);
    for (let i = 0; i < n; i += 1) {
      const own = i * labels + (targets[i] ?? 0);
      residuals[own] = (residuals[own] ?? 0) - 1;
    }
    gradient.fill(0);
    let squares = 0;
    for (let i = 0; i < size; i += 1) {
      const residual = (residuals[i] ?? 0) / n;
      const intercept = 2 * size + (i % labels);
      gradient[i] = residual + l2 * (point[i] ?? 0);
      gradient[intercept] = (gradient[intercept] ?? 0) + residual;
      squares += (point[i] ?? 0) * (point[size + i] ?? 0);
    }
    const weights = combine(rows, gradient.subarray(0, size), features, labels);
    gradient.set(logitsOf(rows, weights, new Float64Array(labels)), size);
    return loss / n + (l2 / 2) * squares;
  };
  const inner = (a: Float64Array, b: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < size; i += 1) sum += (a[i] ?? 0) * (b[size + i] ?? 0);
    for (let i = 2 * size; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
    return sum;
  };
  const point = yield* minimise(objective, new Float64Array(2 * size + labels), { inner });
  return {
    weights: combine(rows, point.subarray(0, size), features, labels),
    intercepts: point.slice(2 * size),
  };
}

/** X' A: each row's features, weighted by its coefficients (rows x labels). */
function combine(rows: Matrix, coefficients: Float64Array, features: number, labels: number): Float64Array {
  const weights = new Float64Array(features * labels);
  for (let i = 0; i < rows.starts.length - 1; i += 1) {
    for (let k = rows.starts[i] ?? 0; k < (rows.starts[i + 1] ?? 0); k += 1) {
      const value = rows.values[k] ?? 0;
      const from = (rows.columns[k] ?? 0) * labels;
      for (let c = 0; c < labels; c += 1) {
        weights[from + c] = (weights[from + c] ?? 0) + value * (coefficients[i * labels + c] ?? 0);
      }
    }
  }
  return weights;
}
