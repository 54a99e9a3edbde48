import { findBurst } from './burst.ts';
import { ewmaZ } from './ewma.ts';
import { motionOf } from './velocity.ts';

/** What a run does for so many trends: the bursts alone, or z, velocity and bursts of each. */
export type Workload = { bursts(): number; all(): number };

/**
 * Invented counts to time the figures of trends with (`npm run bench:topics`): `series` trends of `bins` hours, each with a
 * burst somewhere, against a total with days and nights. The same figures every time.
 *
 * @returns functions that do all of the work and say how many bursts go on at the end
 */
export function trendWorkload(series = 1000, bins = 720): Workload {
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
