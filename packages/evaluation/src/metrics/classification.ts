import { randomOf } from '@afk/text';

/** What one text is, what it was told to be, and how sure that was, 0..1. */
export type Outcome = { gold: string; label: string; probability: number };

const BINS = 15;

export function accuracy(outcomes: readonly Outcome[]): number {
  return outcomes.filter(({ gold, label }) => gold === label).length / outcomes.length;
}

/** Mean over the labels, of those that are right and those that were told, of the harmonic mean of precision and recall. */
export function macroF1(outcomes: readonly Outcome[]): number {
  const labels = new Set(outcomes.flatMap(({ gold, label }) => [gold, label]));
  let sum = 0;
  for (const label of labels) {
    let hits = 0;
    let claimed = 0;
    let real = 0;
    for (const outcome of outcomes) {
      if (outcome.label === label) claimed += 1;
      if (outcome.gold === label) real += 1;
      if (outcome.gold === label && outcome.label === label) hits += 1;
    }
    sum += (2 * hits) / (claimed + real);
  }
  return sum / labels.size;
}

/**
 * Expected calibration error (Guo et al. 2017): 15 bins of equal width by probability, the gap between the share that is right and the
 * mean probability, weighted by the size of the bin.
 */
export function calibrationError(outcomes: readonly Outcome[]): number {
  return gapOf(outcomes, ({ gold, label }) => gold === label);
}

/**
 * The calibration error that a perfectly calibrated model would show with the same probabilities on as few texts: the mean of
 * `draws` in which each text is right with its probability. Below this there is nothing to measure.
 */
export function calibrationNoise(outcomes: readonly Outcome[], draws = 200): number {
  const { uniform } = randomOf(1);
  let sum = 0;
  for (let draw = 0; draw < draws; draw += 1)
    sum += gapOf(outcomes, ({ probability }) => uniform() < probability);
  return sum / draws;
}

function gapOf(outcomes: readonly Outcome[], isRight: (outcome: Outcome) => boolean): number {
  const gaps = new Float64Array(BINS);
  for (const outcome of outcomes) {
    const bin = Math.min(BINS - 1, Math.floor(outcome.probability * BINS));
    gaps[bin] = gaps[bin]! + (isRight(outcome) ? 1 : 0) - outcome.probability;
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / outcomes.length;
}
