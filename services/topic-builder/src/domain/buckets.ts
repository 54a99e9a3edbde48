/** The buckets of a window: the last one ends at or after its end, on a whole multiple of the width. */
export type Buckets = { count: number; widthMs: number; startMs: number; startOf(index: number): Date };

/**
 * Buckets lie on multiples of their width since 1970, so that those of two runs fall together.
 * The first may reach back before the window.
 */
export function bucketsOf(from: Date, to: Date, widthMs: number): Buckets {
  const startMs = Math.floor(from.getTime() / widthMs) * widthMs;
  const count = Math.floor(to.getTime() / widthMs) - startMs / widthMs + 1;
  return { count, widthMs, startMs, startOf: (i) => new Date(startMs + i * widthMs) };
}

/** How many of these times fall into each bucket; those outside fall into none. */
export function countByBucket(buckets: Buckets, times: readonly Date[]): Int32Array {
  const counts = new Int32Array(buckets.count);
  for (const time of times) {
    const i = Math.floor((time.getTime() - buckets.startMs) / buckets.widthMs);
    if (i >= 0 && i < counts.length) counts[i] = counts[i]! + 1;
  }
  return counts;
}
