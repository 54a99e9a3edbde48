import type { TopicTime } from './types.ts';

/** Equal buckets from the first time to the last; null where no doc has one. `times` are milliseconds, NaN for none. */
export function bucketsOf(times: Float64Array, buckets: number): { time: TopicTime; of: Int32Array } | null {
  const known = times.filter((time) => !Number.isNaN(time));
  if (known.length === 0) return null;
  const from = known.reduce((least, time) => Math.min(least, time), Infinity);
  const until = known.reduce((most, time) => Math.max(most, time), -Infinity);
  // All at one moment: buckets need some width, and the docs lie in the first.
  const width = Math.max(1, (until - from) / buckets);
  const of = Int32Array.from(times, (time) =>
    Number.isNaN(time) ? -1 : Math.min(buckets - 1, Math.floor((time - from) / width)),
  );
  return { time: { from, width, totals: countsIn(of, of.keys(), buckets) }, of };
}

/** How many of the given positions lie in each bucket. */
export function countsIn(of: Int32Array, positions: Iterable<number>, buckets: number): number[] {
  const counts = Array.from({ length: buckets }, () => 0);
  for (const position of positions) {
    const bucket = of[position]!;
    if (bucket >= 0) counts[bucket]! += 1;
  }
  return counts;
}
