import { ewmaZ, findBurst, motionOf } from '@afk/topics';
import { median } from '../metrics/median.ts';

/** Milliseconds: bursts alone, and z, velocity and bursts of each trend. */
export type TrendTimes = { series: number; hours: number; bursts_ms: number; all_ms: number };

/** Times the figures of `series` trends of `hours` hours, medians of `rounds` after one that warms up. */
export function timeTrends(rounds: number, series = 1000, hours = 720): TrendTimes {
  const { bursts, all } = workload(series, hours);
  const ms = (work: () => number): number => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };
  const medianOf = (work: () => number): number => {
    ms(work);
    return median(Array.from({ length: rounds }, () => ms(work)));
  };
  return { series, hours, bursts_ms: medianOf(bursts), all_ms: medianOf(all) };
}

/**
 * Invented counts: each trend has a burst somewhere, against a total with days and nights. The functions do all of the work and
 * say how many bursts go on at the end.
 */
function workload(series: number, bins: number): { bursts(): number; all(): number } {
  const total = Int32Array.from(
    { length: bins },
    (_, i) => 200 + Math.round(100 * Math.sin((i * Math.PI) / 12)),
  );
  const counts = Array.from({ length: series }, (_, s) => {
    const burst = (s * 7919) % bins;
    return Int32Array.from(
      { length: bins },
      (_unused, i) => ((i * (s + 3)) % 3) + (i >= burst && i < burst + 12 ? 9 : 0),
    );
  });
  const bursts = (): number => counts.filter((c) => findBurst(c, total).active).length;
  const all = (): number => {
    let moving = 0;
    for (const c of counts) moving += Number(ewmaZ(c, total) > 0 && motionOf(c).velocity > 0);
    return moving + bursts();
  };
  return { bursts, all };
}
