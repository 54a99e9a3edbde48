import { columnWeights, featureReader, toMatrix } from './features.ts';
import type { FeatureReader } from './features.ts';
import { logitsOf, softmax } from './logistic.ts';
import type { Input, LinearModel, Prediction } from './types.ts';

// What reading texts for a model needs is made once a model, and goes with it.
const readers = new WeakMap<LinearModel, { read: FeatureReader; weights: Float64Array }>();

function readerOf(model: LinearModel): { read: FeatureReader; weights: Float64Array } {
  const known = readers.get(model);
  if (known !== undefined) return known;
  const reader = {
    read: featureReader(model.characters, (feature) => model.vocabulary.get(feature)),
    weights: columnWeights(model.vocabulary.keys(), model.idf),
  };
  readers.set(model, reader);
  return reader;
}

/**
 * Label and calibrated probabilities of each text. A text without any known feature gets what the intercepts say, which
 * is nearly nothing.
 */
export function predict(model: LinearModel, texts: readonly Input[]): Prediction[] {
  const { read, weights } = readerOf(model);
  const rows = toMatrix(
    texts.map((text) => read(text)),
    weights,
  );
  const scores = logitsOf(rows, model.weights, model.intercepts).map((logit) => logit / model.temperature);
  const labels = model.labels.length;
  softmax(scores, labels);
  return texts.map((_, i) => {
    const probabilities = Float32Array.from(scores.subarray(i * labels, (i + 1) * labels));
    let best = 0;
    for (let c = 1; c < labels; c += 1) if ((probabilities[c] ?? 0) > (probabilities[best] ?? 0)) best = c;
    return { label: model.labels[best] ?? '', probability: probabilities[best] ?? 0, probabilities };
  });
}
