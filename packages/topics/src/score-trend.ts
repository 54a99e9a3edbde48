import type { TrendOptions, TrendScore, TrendStatus } from './types.ts';

const HOUR = 3_600_000;
const HALF_LIFE_MS = 12 * HOUR;
const NOW_MS = 6 * HOUR;
const BEFORE_MS = 24 * HOUR;
const YOUNG_MS = 12 * HOUR;
const DORMANT_AFTER_MS = 24 * HOUR;
// Standard deviations (of a Poisson count) from what was to be expected.
const NOTABLE = 1;

/**
 * How much a trend matters now:
 *
 *     score = V log2(1 + publishers) (1 + max(0, ln((now + 1) / (expected + 1))))
 *
 * V: headlines, each halved every 12 h. now: headlines of the last 6 h. expected: the rate of the 24 h before, scaled
 * by how all headlines together rose or fell, so a busy morning is no burst; a trend without a past expects none, which
 * is its bonus for being new. With the same totals, more headlines in the newest buckets raise the score, and so do
 * more publishers; more headlines of all topics in the newest buckets never do.
 *
 * `points` are counts, oldest first, the last bucket ending now. Status by z = (now - expected) / sqrt(expected + 1): silent
 * for 24 h is dormant, z <= -1 fading, first seen within 12 h emerging, z >= 1 rising, else steady.
 *
 * Throws RangeError when `points` and `total` differ in length or `bucketMs` is not positive.
 */
export function scoreTrend(points: Int32Array | readonly number[], options: TrendOptions): TrendScore {
  const { bucketMs, total, publishers, lastSeenAgeMs } = options;
  if (!(bucketMs > 0)) throw new RangeError(`bucketMs ${bucketMs}: must be positive`);
  if (points.length !== total.length) {
    throw new RangeError(`points (${points.length}) and total (${total.length}) must have the same buckets`);
  }
  const end = points.length;
  const nowFrom = Math.max(0, end - buckets(NOW_MS, bucketMs));
  const beforeFrom = Math.max(0, nowFrom - buckets(BEFORE_MS, bucketMs));
  const now = sum(points, nowFrom, end);
  const before = sum(points, beforeFrom, nowFrom);
  const expected = expectedNow(before, sum(total, beforeFrom, nowFrom), sum(total, nowFrom, end));

  const burst = 1 + Math.max(0, Math.log((now + 1) / (expected + 1)));
  const hours = (from: number, to: number): number => ((to - from) * bucketMs) / HOUR;
  const rate = (count: number, span: number): number => (span > 0 ? count / span : 0);
  return {
    score: decayedVolume(points, bucketMs) * Math.log2(1 + Math.max(0, publishers)) * burst,
    velocity: rate(now, hours(nowFrom, end)) - rate(before, hours(beforeFrom, nowFrom)),
    status: statusOf(points, bucketMs, now, expected, lastSeenAgeMs),
  };
}

const buckets = (spanMs: number, bucketMs: number): number => Math.max(1, Math.round(spanMs / bucketMs));

// All headlines now over all headlines before is both the ratio of the spans and the tide.
function expectedNow(before: number, totalBefore: number, totalNow: number): number {
  return before === 0 ? 0 : (before * totalNow) / Math.max(before, totalBefore);
}

function statusOf(
  points: Int32Array | readonly number[],
  bucketMs: number,
  now: number,
  expected: number,
  lastSeenAgeMs: number,
): TrendStatus {
  const first = points.findIndex((count) => count > 0);
  if (first < 0 || lastSeenAgeMs >= DORMANT_AFTER_MS) return 'dormant';
  const z = (now - expected) / Math.sqrt(expected + 1);
  if (z <= -NOTABLE) return 'fading';
  if (points.length - first <= buckets(YOUNG_MS, bucketMs)) return 'emerging';
  return z >= NOTABLE ? 'rising' : 'steady';
}

function decayedVolume(points: Int32Array | readonly number[], bucketMs: number): number {
  let volume = 0;
  for (let i = 0; i < points.length; i += 1) {
    volume += (points[i] ?? 0) * 2 ** (-((points.length - 1 - i) * bucketMs) / HALF_LIFE_MS);
  }
  return volume;
}

function sum(points: Int32Array | readonly number[], from: number, to: number): number {
  let total = 0;
  for (let i = from; i < to; i += 1) total += points[i] ?? 0;
  return total;
}
