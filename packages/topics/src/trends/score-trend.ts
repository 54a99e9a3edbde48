import { newness, recentAttention } from './attention.ts';
import { insideOf, type Backdrop } from './backdrop.ts';
import { findBurst } from './burst.ts';
import { ewmaZ } from './ewma.ts';
import { HOUR, countByHour, regroup } from './hours.ts';
import { statusOf } from './status.ts';
import type { BurstState, Telling, TrendHistory, TrendScore } from './types.ts';
import { heightOf, motionOf } from './velocity.ts';

/** Hours that z is judged by: few enough to be now, enough to hold a count. */
const JUDGED = 3;

/**
 * How much a trend matters at the window's end, how it moves, and where it stands:
 *
 *     score = recentAttention log2(1 + publishers) (1 + newness)
 *
 * (`attention.ts`; each factor counts publishers by shares of their own output, so the score does too). Burst, z, velocity and
 * acceleration are of plain counts an hour; burst and z against all headlines, the others for themselves. `headlines` are
 * those of the trend, which `backdrop` counts too; those outside of its window are passed over.
 *
 * @throws RangeError where the trend has more headlines in an hour than `backdrop`
 */
export function scoreTrend(
  headlines: readonly Telling[],
  backdrop: Backdrop,
  history: TrendHistory = {},
): TrendScore {
  const { until, total } = backdrop;
  const inside = insideOf(headlines, backdrop);
  const counts = countByHour(inside, until, total.length);
  const found = findBurst(counts, total);
  const motion = motionOf(counts);
  const z = ewmaZ(regroup(counts, JUDGED), regroup(total, JUDGED));
  const { first, last } = ends(inside, until);
  const status = statusOf(
    {
      ...motion,
      z,
      burst: found.active,
      height: heightOf(counts, total),
      ageHours: (until - Math.min(first, history.firstSeen ?? Infinity)) / HOUR,
      silentHours: (until - last) / HOUR,
    },
    history.previous,
  );
  const burst: BurstState = {
    active: found.active,
    weight: found.weight,
    since: found.active ? until - (total.length - found.start) * HOUR : null,
  };
  const { velocity, acceleration } = motion;
  return { score: prominence(inside, backdrop), velocity, acceleration, z, burst, status };
}

function prominence(headlines: readonly Telling[], backdrop: Backdrop): number {
  const publishers = new Set(headlines.map((h) => h.publisher)).size;
  return (
    recentAttention(headlines, backdrop) * Math.log2(1 + publishers) * (1 + newness(headlines, backdrop))
  );
}

function ends(headlines: readonly Telling[], until: number): { first: number; last: number } {
  let [first, last] = [until, -Infinity];
  for (const { publishedAt } of headlines) {
    first = Math.min(first, publishedAt);
    last = Math.max(last, publishedAt);
  }
  return { first, last };
}
