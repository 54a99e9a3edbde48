import type { LinearModel } from './types.ts';

const STEPS = 127;

/** Weights in 8 bits, a quarter of single precision: each feature's in steps of a 127th of its largest. */
export function packWeights(
  weights: Float64Array,
  labels: number,
): { weights: Int8Array; scales: Float32Array } {
  const packed = new Int8Array(weights.length);
  const scales = new Float32Array(weights.length / labels);
  for (let t = 0; t < scales.length; t += 1) {
    const own = weights.subarray(t * labels, (t + 1) * labels);
    const largest = own.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    scales[t] = largest / STEPS;
    if (scales[t] === 0) continue;
    for (let c = 0; c < labels; c += 1)
      packed[t * labels + c] = Math.max(-STEPS, Math.min(STEPS, Math.round(own[c]! / scales[t]!)));
  }
  return { weights: packed, scales };
}

export function unpackWeights({ weights, scales, labels }: LinearModel): Float32Array {
  return Float32Array.from(weights, (weight, k) => weight * scales[Math.floor(k / labels.length)]!);
}
