import type { SparseVector } from '../types.ts';

/** What a model says of one text of a batch: `length` tokens of `width` numbers, row-major; the rest is padding. */
export type Tokens = { values: Float32Array; length: number; width: number };

/** Mean of the tokens (Reimers & Gurevych 2019). */
export function meanPool({ values, length, width }: Tokens): Float32Array {
  const sums = new Float64Array(width);
  for (let i = 0; i < length; i += 1)
    for (let j = 0; j < width; j += 1) sums[j] = sums[j]! + values[i * width + j]!;
  return Float32Array.from(sums, (sum) => sum / length);
}

/** The first token, [CLS]. */
export const firstPool = ({ values, width }: Tokens): Float32Array => values.slice(0, width);

/** Weight of each word of the vocabulary: the maximum over the tokens of log(1 + relu(logit)) (Formal et al. 2021). */
export function spladePool({ values, length, width }: Tokens): SparseVector {
  const indices: number[] = [];
  const weights: number[] = [];
  for (let j = 0; j < width; j += 1) {
    let most = 0;
    for (let i = 0; i < length; i += 1) most = Math.max(most, values[i * width + j]!);
    if (most > 0) {
      indices.push(j);
      weights.push(Math.log1p(most));
    }
  }
  return { indices, values: weights };
}
