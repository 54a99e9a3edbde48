import { runSteps } from '@afk/text';
import { softmax } from './logistic.ts';
import { scoreSteps } from './score.ts';
import type { Input, LinearModel, Prediction } from './types.ts';

/**
 * Label and calibrated probabilities of each text. A text without any known feature gets what the intercepts say, which
 * is nearly nothing.
 */
export function predict(model: LinearModel, texts: readonly Input[]): Prediction[] {
  const scores = runSteps(scoreSteps(model, texts));
  const labels = model.labels.length;
  softmax(scores, labels);
  return texts.map((_, i) => {
    const probabilities = Float32Array.from(scores.subarray(i * labels, (i + 1) * labels));
    let best = 0;
    for (let c = 1; c < labels; c += 1) if (probabilities[c]! > probabilities[best]!) best = c;
    return { label: model.labels[best]!, probability: probabilities[best]!, probabilities };
  });
}
