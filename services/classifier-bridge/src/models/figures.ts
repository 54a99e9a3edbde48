import { labels, type Opinion } from '../domain/opinion.ts';

export type Figures = { accuracy: number; macro_f1: number; ece: number };

/** Bins of the calibration error, equally wide. */
const BINS = 15;

/**
 * How good opinions are, against the labels that are right.
 *
 * - accuracy: share of opinions whose likeliest label is right
 * - macro_f1: mean over the labels that occur of 2 tp / (2 tp + fp + fn)
 * - ece: expected calibration error, sum over bins of |share right - mean confidence| x share of opinions
 *   (Guo et al. 2017, "On Calibration of Modern Neural Networks")
 */
export function figuresOf(opinions: readonly Opinion[], right: readonly string[]): Figures {
  const said = opinions.map((o) => {
    const probability = Math.max(...o);
    return { label: labels[o.indexOf(probability)]!, probability };
  });
  const hits = said.map(({ label }, i) => label === right[i]);
  const occurring = [...new Set(right)];
  const f1 = occurring.map((label) => {
    const found = said.filter((s, i) => s.label === label && hits[i]).length;
    const given = said.filter((s) => s.label === label).length;
    return (2 * found) / (given + right.filter((r) => r === label).length);
  });
  return {
    accuracy: hits.filter(Boolean).length / hits.length,
    macro_f1: f1.reduce((a, b) => a + b, 0) / occurring.length,
    ece: calibrationError(
      said.map((s) => s.probability),
      hits,
    ),
  };
}

function calibrationError(confidences: readonly number[], hits: readonly boolean[]): number {
  const gaps = new Float64Array(BINS);
  for (const [i, p] of confidences.entries()) {
    const bin = Math.min(BINS - 1, Math.floor(p * BINS));
    gaps[bin] = gaps[bin]! + (hits[i] ? 1 : 0) - p;
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / hits.length;
}
