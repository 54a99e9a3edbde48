import { sum, type Series } from './hours.ts';

/** Hours that are "now", and those before it that it is compared with. */
export const NOW = 6;
const BEFORE = 24;

export type Motion = {
  /** Headlines/h. */
  velocity: number;
  /** Headlines/h². */
  acceleration: number;
  /** Standard deviation of an acceleration that is chance alone, headlines/h². */
  noise: number;
};

/**
 * How the rate of headlines changes, from counts an hour. Differences of means, which smooth them:
 *
 *     velocity = rate of the last 6 h - rate of the 24 h before
 *     acceleration = (velocity now - velocity 6 h ago) / 6 h
 *
 * Spans end where the series begins; a rate of no span at all is 0, and so is the acceleration where nothing is known of 6 h
 * ago. noise: counts of the last 12 h as a Poisson process, sqrt(count + 1) / 36 h².
 */
export function motionOf(counts: Series): Motion {
  const end = counts.length;
  const velocity = velocityAt(counts, end);
  return {
    velocity,
    acceleration: end > NOW ? (velocity - velocityAt(counts, end - NOW)) / NOW : 0,
    noise: Math.sqrt(sum(counts, end - 2 * NOW, end) + 1) / (NOW * NOW),
  };
}

function velocityAt(counts: Series, end: number): number {
  return rate(counts, end - NOW, end) - rate(counts, end - NOW - BEFORE, end - NOW);
}

function rate(counts: Series, from: number, to: number): number {
  const first = Math.max(0, from);
  return to > first ? sum(counts, first, to) / (to - first) : 0;
}

/**
 * How high the trend stands: its share of all headlines in the last 6 h, as a part of the largest share of any 6 h. To
 * each total an average one is added, so that a lone headline in a quiet night is no summit.
 *
 * @returns 0 to 1; 0 where there is nothing
 */
export function heightOf(counts: Series, total: Series): number {
  const end = counts.length;
  const span = Math.min(NOW, end);
  if (span === 0) return 0;
  const average = (sum(total, 0, end) * span) / end;
  if (average === 0) return 0;
  let [r, d] = [sum(counts, 0, span), sum(total, 0, span)];
  let best = r / (d + average);
  for (let i = span; i < end; i += 1) {
    r += counts[i]! - counts[i - span]!;
    d += total[i]! - total[i - span]!;
    best = Math.max(best, r / (d + average));
  }
  return best > 0 ? r / (d + average) / best : 0;
}
