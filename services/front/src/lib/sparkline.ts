/** SVG geometry for small charts of counts. Pure: numbers in, path data out, rounded to 0.1. */

const r = (n: number) => Math.round(n * 10) / 10;

/** Adds neighbouring buckets up until at most `most` are left, oldest first. */
export function condense(counts: readonly number[], most: number): number[] {
  const size = Math.max(1, Math.ceil(counts.length / most));
  // Groups are aligned to the newest bucket, so the last group is always a whole one.
  const lead = (size - (counts.length % size)) % size;
  const groups: number[] = Array.from({ length: (counts.length + lead) / size }, () => 0);
  for (const [i, count] of counts.entries()) {
    const group = Math.floor((i + lead) / size);
    groups[group] = (groups[group] ?? 0) + count;
  }
  return groups;
}

/** A round figure for the top of an axis: not below `most`, at least 2, and even, so that its half is a count. */
export function niceTop(most: number): number {
  if (most <= 10) return Math.max(2, 2 * Math.ceil(most / 2));
  const magnitude = 10 ** Math.floor(Math.log10(most));
  const factor = [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10].find((f) => f * magnitude >= most) ?? 10;
  return Math.round(factor * magnitude);
}

export type Bar = { x: number; y: number; width: number; height: number };

/** One bar a count in a box; a bucket without headlines has no height. */
export function bars(
  counts: readonly number[],
  width: number,
  height: number,
  top: number,
  gap = 0.25,
): Bar[] {
  const slot = counts.length ? width / counts.length : 0;
  return counts.map((count, i) => {
    const tall = (Math.min(count, top) / top) * height;
    return {
      x: r(i * slot + (slot * gap) / 2),
      y: r(height - tall),
      width: r(slot * (1 - gap)),
      height: r(tall),
    };
  });
}

/** Scales of small charts end here at least, so that a lone headline does not look like a wave of them. */
const leastTop = 4;

/** The bars of a small chart without an axis. */
export function sparkBars(counts: readonly number[], width: number, height: number, most: number): Bar[] {
  const groups = condense(counts, most);
  return bars(groups, width, height, Math.max(leastTop, ...groups));
}
