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
 * Headlines of one story repeat each other: n of them count as n^POOL independent ones. With 0, a plain
 * geometric mean, a fourth of the stories stay unsure that have a clear category; more than this changes
 * nothing but the certainty (`eval/pooling.ts` prints it).
 */
const POOL = 0.3;

/**
 * One category for texts that tell of the same thing, by a logarithmic opinion pool: the product of
 * their probabilities, tempered for how alike they are.
 */
export function classifyTogether(model: LinearModel, texts: Input[], threshold: number): Verdict {
  if (texts.length === 0) return { category: null, probability: 0 };
  const logs = new Float64Array(model.labels.length);
  for (const { probabilities } of predict(model, texts)) {
    probabilities.forEach((p, i) => (logs[i] = logs[i]! + Math.log(Math.max(p, 1e-9))));
  }
  const weight = texts.length ** (POOL - 1);
  const top = Math.max(...logs);
  const shares = logs.map((l) => Math.exp((l - top) * weight));
  const best = shares.indexOf(Math.max(...shares));
  const probability = shares[best]! / shares.reduce((sum, s) => sum + s, 0);
  return { category: probability >= threshold ? model.labels[best]! : null, probability };
}
