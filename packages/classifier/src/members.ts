import type { Steps } from '@afk/text';
import { complementBayes } from './bayes.ts';
import { fitLogistic, logitsOf, type Sample, type Shape } from './logistic.ts';
import { appendDense, type Matrix } from './matrix.ts';
import { selfTrain } from './self-training.ts';

/** Rows of TF-IDF, and what the base model says of each: rows x width, none where there is no base. */
export type Texts = { rows: Matrix; said: Float32Array };

export type Learning = {
  labelled: Texts;
  targets: Int32Array;
  unlabelled: Texts;
  shape: Shape;
  /** Labels of the base model. */
  width: number;
  l2: number;
  alpha: number;
};

/** Both are linear in the features, so that their mixture is one linear model. */
export type Members = {
  /** Features x labels, then the base's labels x labels. */
  logistic: Float64Array;
  intercepts: Float64Array;
  /** Features x labels. */
  bayes: Float64Array;
};

/**
 * The two members of the mixture. The one is discriminative and best where there are many examples, the other generative
 * and best where there are few or others than those to come (Ng & Jordan 2001). Unlabelled texts get labels from the second.
 */
export function* fitMembers(learning: Learning): Steps<Members> {
  const { labelled, targets, shape, width, l2, alpha } = learning;
  const given: Sample = { rows: labelled.rows, targets, weights: new Float64Array(targets.length).fill(1) };
  const { all, some } = yield* selfTrain(given, learning.unlabelled.rows, shape, alpha);
  const wide = { features: shape.features + width, labels: shape.labels };
  const said = new Float32Array((targets.length + some.ids.length) * width);
  said.set(labelled.said);
  for (const [at, id] of some.ids.entries())
    said.set(learning.unlabelled.said.subarray(id * width, (id + 1) * width), (targets.length + at) * width);
  const rows = width === 0 ? some.sample.rows : appendDense(some.sample.rows, said, width, shape.features);
  const fit = yield* fitLogistic({ ...some.sample, rows }, wide, l2);
  return {
    logistic: centred(fit.weights, shape.labels),
    intercepts: centred(fit.intercepts, shape.labels),
    bayes: complementBayes(all, shape, alpha),
  };
}

/** Logits of both members for each row, rows x labels. */
export function logitsOfMembers(
  { logistic, intercepts, bayes }: Members,
  { rows, said }: Texts,
  { features, labels }: Shape,
): [Float64Array, Float64Array] {
  const width = logistic.length / labels - features;
  const wide = width === 0 ? rows : appendDense(rows, said, width, features);
  return [logitsOf(wide, logistic, intercepts), logitsOf(rows, bayes, new Float64Array(labels))];
}

/** A constant added to all labels changes no probability; without it the members' logits can be compared. */
function centred(weights: Float64Array, labels: number): Float64Array {
  for (let from = 0; from < weights.length; from += labels) {
    const own = weights.subarray(from, from + labels);
    const mean = own.reduce((sum, value) => sum + value, 0) / labels;
    for (let c = 0; c < labels; c += 1) own[c] = own[c]! - mean;
  }
  return weights;
}
