import { predict, type Input, type LinearModel } from '@afk/classifier';

export type Verdict = { category: string | null; probability: number };

/** A category for each text, or none where the model is less sure than `threshold`. */
export function classifyTexts(model: LinearModel, texts: Input[], threshold: number): Verdict[] {
  return predict(model, texts).map(({ label, probability }) => ({
    category: probability >= threshold ? label : null,
    probability,
  }));
}

/**
 * One category for texts that tell of the same thing: the mean of their probabilities, so that many
 * weak votes for one category outweigh a single strong one for another.
 */
export function classifyTogether(model: LinearModel, texts: Input[], threshold: number): Verdict {
  const mean = new Float64Array(model.labels.length);
  for (const { probabilities } of predict(model, texts)) {
    probabilities.forEach((p, i) => (mean[i] = mean[i]! + p / texts.length));
  }
  let best = 0;
  for (let i = 1; i < mean.length; i++) if (mean[i]! > mean[best]!) best = i;
  const probability = texts.length === 0 ? 0 : mean[best]!;
  return { category: probability >= threshold ? model.labels[best]! : null, probability };
}
