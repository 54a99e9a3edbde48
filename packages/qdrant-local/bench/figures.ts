/** The value below which a share of the sorted samples lies. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** Milliseconds, as `p50 / p99`. */
export const spread = (samples: readonly number[]): string =>
  `${round(quantile(samples, 0.5), 3)} / ${round(quantile(samples, 0.99), 3)} ms`;

/** Resident memory in MB, garbage collected before if node runs with --expose-gc. */
export function memory(): { rss: number; heap: number; buffers: number } {
  globalThis.gc?.();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return {
    rss: round(rss / 2 ** 20, 0),
    heap: round(heapUsed / 2 ** 20, 0),
    buffers: round(arrayBuffers / 2 ** 20, 0),
  };
}
