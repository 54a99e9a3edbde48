import type { Steps } from '@afk/text';
import { opinionsOf } from './base.ts';
import { featureReader, type FeatureReader } from './features.ts';
import { logitsOf } from './logistic.ts';
import { columnWeights, matrixSteps } from './matrix.ts';
import { unpackWeights } from './quantise.ts';
import type { Input, LinearModel } from './types.ts';

type Reader = { read: FeatureReader; columns: Float64Array; weights: Float32Array };

// What reading texts for a model needs is made once a model, and goes with it.
const readers = new WeakMap<LinearModel, Reader>();

function readerOf(model: LinearModel): Reader {
  const known = readers.get(model);
  if (known !== undefined) return known;
  const reader = {
    read: featureReader(model.characters, (feature) => model.vocabulary.get(feature)),
    columns: columnWeights(model.vocabulary.keys(), model.idf),
    weights: unpackWeights(model),
  };
  readers.set(model, reader);
  return reader;
}

/** Calibrated logits of each text, texts x labels. */
export function* scoreSteps(model: LinearModel, texts: readonly Input[]): Steps<Float64Array> {
  const { read, columns, weights } = readerOf(model);
  const rows = yield* matrixSteps(
    texts.map((text) => read(text)),
    columns,
  );
  const scores = logitsOf(rows, weights, model.intercepts);
  if (model.base === null) return scores;
  const said = yield* opinionsOf(model.base.model, texts);
  addOpinions(scores, said, model.base.weights, model.labels.length);
  return scores;
}

/** Adds said (texts x width) times weights (width x labels). */
function addOpinions(scores: Float64Array, said: Float32Array, weights: Float32Array, labels: number): void {
  const width = weights.length / labels;
  for (let i = 0; i < scores.length; i += 1) {
    const row = Math.floor(i / labels) * width;
    const label = i % labels;
    for (let j = 0; j < width; j += 1) scores[i] = scores[i]! + said[row + j]! * weights[j * labels + label]!;
  }
}
