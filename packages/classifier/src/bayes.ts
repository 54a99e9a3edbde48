import { rowsIn } from './matrix.ts';
import type { Sample, Shape } from './logistic.ts';

/**
 * Complement naive Bayes (Rennie et al. 2003) on TF-IDF rows. With N[t][c] the summed values of feature t in label c, A[t] that of
 * all labels, T the totals and S their sum: w[t][c] = ln(S - T[c] + alpha |V|) - ln(A[t] - N[t][c] + alpha), less its mean over
 * the labels. A label is judged by what all others say, so labels with few examples are not at a disadvantage. Features x
 * labels, row-major; features that the sample does not have weigh nothing.
 */
export function complementBayes(sample: Sample, { features, labels }: Shape, alpha: number): Float64Array {
  const sums = featureSums(sample, features, labels);
  const all = new Float64Array(features);
  const totals = new Float64Array(labels);
  let known = 0;
  for (let t = 0; t < features; t += 1) {
    for (let c = 0; c < labels; c += 1) {
      const value = sums[t * labels + c]!;
      all[t] = all[t]! + value;
      totals[c] = totals[c]! + value;
    }
    if (all[t]! > 0) known += 1;
  }
  const sum = totals.reduce((a, b) => a + b, 0);
  const others = totals.map((total) => Math.log(sum - total + alpha * known));
  const weights = new Float64Array(features * labels);
  for (let t = 0; t < features; t += 1) {
    if (!(all[t]! > 0)) continue;
    const from = t * labels;
    let mean = 0;
    for (let c = 0; c < labels; c += 1) {
      // Rounding must not make the difference negative.
      const elsewhere = Math.max(0, all[t]! - sums[from + c]!);
      weights[from + c] = others[c]! - Math.log(elsewhere + alpha);
      mean += weights[from + c]! / labels;
    }
    for (let c = 0; c < labels; c += 1) weights[from + c] = weights[from + c]! - mean;
  }
  return weights;
}

/** Weighted sums of the values of each feature in each label. */
function featureSums({ rows, targets, weights }: Sample, features: number, labels: number): Float64Array {
  const sums = new Float64Array(features * labels);
  for (let i = 0; i < rowsIn(rows); i += 1) {
    const end = rows.starts[i + 1]!;
    for (let k = rows.starts[i]!; k < end; k += 1) {
      const at = rows.columns[k]! * labels + targets[i]!;
      sums[at] = sums[at]! + weights[i]! * rows.values[k]!;
    }
  }
  return sums;
}
