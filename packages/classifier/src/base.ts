import type { Steps } from '@afk/text';
import { scoreSteps } from './score.ts';
import type { Input, LinearModel } from './types.ts';

/** Length of the base's opinion beside a text of length 1; of 0.3, 0.6 and 1 the first two did best. */
const LENGTH = 0.45;
const TEXTS_A_STEP = 500;

/** What the base says of each text: its logits less their mean, scaled to one length; rows x labels of the base. */
export function* opinionsOf(base: LinearModel | null, texts: readonly Input[]): Steps<Float32Array> {
  if (base === null) return new Float32Array(0);
  const width = base.labels.length;
  const said = new Float32Array(texts.length * width);
  for (let from = 0; from < texts.length; from += TEXTS_A_STEP) {
    const some = texts.slice(from, from + TEXTS_A_STEP);
    said.set(scaled(yield* scoreSteps(base, some), width), from * width);
    yield;
  }
  return said;
}

/** Each row with mean 0 and length LENGTH, or zero. */
function scaled(scores: Float64Array, width: number): Float64Array {
  const result = new Float64Array(scores.length);
  for (let from = 0; from < scores.length; from += width) {
    const own = scores.subarray(from, from + width);
    const mean = own.reduce((sum, score) => sum + score, 0) / width;
    const length = Math.sqrt(own.reduce((sum, score) => sum + (score - mean) ** 2, 0));
    if (length > 0)
      for (let c = 0; c < width; c += 1) result[from + c] = ((own[c]! - mean) * LENGTH) / length;
  }
  return result;
}
