import type { Telling } from './types.ts';

/** Everything about a trend is counted in whole hours that end with the run's clock, whatever the bars of its chart. */
export const HOUR = 3_600_000;

/** Counts a bin, oldest first; or any other non-negative figure a bin. */
export type Series = Int32Array | Float64Array | readonly number[];

/** @returns which of the `hours` hours up to `until` holds `time`, 0 the oldest; outside 0..hours-1 where none does */
export function hourOf(time: number, until: number, hours: number): number {
  return hours - 1 - Math.floor((until - time) / HOUR);
}

/** How many headlines fall into each of the `hours` hours that end with `until`, in (from, to]; others nowhere. */
export function countByHour(headlines: readonly Telling[], until: number, hours: number): Int32Array {
  const counts = new Int32Array(hours);
  for (const { publishedAt } of headlines) {
    const i = hourOf(publishedAt, until, hours);
    if (i >= 0 && i < hours) counts[i] = counts[i]! + 1;
  }
  return counts;
}

/** The sum of bins `from` to before `to`, as far as they exist. */
export function sum(series: Series, from: number, to: number): number {
  let total = 0;
  for (let i = Math.max(0, from); i < Math.min(series.length, to); i += 1) total += series[i]!;
  return total;
}

/** Sums of `size` neighbours. The last group is always whole; the first may be short. */
export function regroup(series: Series, size: number): Float64Array {
  const groups = new Float64Array(Math.ceil(series.length / size));
  for (let i = 0; i < series.length; i += 1) {
    const group = groups.length - 1 - Math.floor((series.length - 1 - i) / size);
    groups[group] = groups[group]! + series[i]!;
  }
  return groups;
}

/**
 * Refuses what is no pair of counts.
 *
 * @throws RangeError naming the bin: lengths differ, a figure is negative or not finite, a part larger than its whole
 */
export function checkSeries(matching: Series, total: Series): void {
  if (matching.length !== total.length) {
    throw new RangeError(
      `matching has ${matching.length} bins and total ${total.length}: they must be the same`,
    );
  }
  for (let i = 0; i < matching.length; i += 1) {
    const [part, whole] = [matching[i]!, total[i]!];
    if (part >= 0 && part <= whole && whole < Infinity) continue;
    throw new RangeError(`bin ${i}: ${part} of ${whole} is no count of a part in a whole`);
  }
}
