import type { CategoryId } from '@afk/contracts';
import { labels, type Opinion } from './opinion.ts';

export type Verdict = { category: CategoryId | null; probability: number };

/** The likeliest category, or none where that is less likely than `threshold`, or no likelier than the others. */
export function verdictOf(opinion: Opinion, threshold: number): Verdict {
  const probability = Math.max(...opinion);
  const sure = probability >= threshold && probability > Math.min(...opinion);
  return { category: sure ? labels[opinion.indexOf(probability)]! : null, probability };
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
export function classifyTogether(opinions: readonly Opinion[], threshold: number): Verdict {
  if (opinions.length === 0) return { category: null, probability: 0 };
  return verdictOf(pooled(opinions, POOL), threshold);
}

/** @param pool 0 is the geometric mean, 1 takes the opinions for independent */
export function pooled(opinions: readonly Opinion[], pool: number): Opinion {
  const logs = new Float64Array(labels.length);
  for (const opinion of opinions) {
    for (const [i, p] of opinion.entries()) logs[i] = logs[i]! + Math.log(Math.max(p, 1e-9));
  }
  const weight = opinions.length ** (pool - 1);
  const top = Math.max(...logs);
  const shares = logs.map((l) => Math.exp((l - top) * weight));
  const sum = shares.reduce((a, b) => a + b, 0);
  return shares.map((s) => s / sum);
}
