import type { TrendStatus } from './types.ts';

/** What a status is judged by. */
export type Signs = {
  /** A burst goes on (`findBurst`). */
  burst: boolean;
  /** Standard deviations (`ewmaZ`). */
  z: number;
  /** Headlines/h, headlines/h² and their noise (`motionOf`). */
  velocity: number;
  acceleration: number;
  noise: number;
  /** Share of its own summit, 0 to 1 (`heightOf`). */
  height: number;
  /** Hours since the first headline ever, and since the last. */
  ageHours: number;
  silentHours: number;
};

const DORMANT_AFTER = 24;
const YOUNG = 12;
/** Standard deviations that are notable, and those that will do for a trend that had the status before. */
const NOTABLE = 1;
const STILL_NOTABLE = 0.5;

/**
 * The first that holds of:
 *
 * | | |
 * |---|---|
 * | dormant | no headline for 24 h |
 * | fading | z <= -1, and no burst |
 * | emerging | first seen less than 12 h ago |
 * | rising | a burst or z >= 1, with velocity > 0 and acceleration >= 0 |
 * | peaking | a burst or z >= 1 (no longer gaining speed), or at least half of its largest share |
 * | fading | all others: what is below half of its height |
 *
 * A trend that neither rises nor falls ("steady" once) is so peaking while it holds half of its height, else fading.
 *
 * With the status of the run before, leaving it takes more than entering it did, so that a figure which wavers about a border
 * does not: fading holds up to z = -0.5, and then to 0.6 of the height; rising holds down to z = 0.5 and until velocity and
 * acceleration are below zero by their noise; peaking holds until they are above it, and down to z = 0.5 or 0.4 of the
 * height. Judging the same figures again with the answer as the status before gives that answer: a run that
 * is repeated changes nothing.
 */
export function statusOf(signs: Signs, previous?: TrendStatus): TrendStatus {
  const { burst, z, ageHours, silentHours } = signs;
  if (!(silentHours < DORMANT_AFTER)) return 'dormant';
  if (!burst && z <= (previous === 'fading' ? -STILL_NOTABLE : -NOTABLE)) return 'fading';
  if (ageHours < YOUNG) return 'emerging';
  const notable = (held: boolean): boolean => burst || z >= (held ? STILL_NOTABLE : NOTABLE);
  if (notable(previous === 'rising') && gainsSpeed(signs, previous)) return 'rising';
  const up = previous === 'rising' || previous === 'peaking';
  return notable(up) || signs.height >= heightNeeded(up, previous) ? 'peaking' : 'fading';
}

function gainsSpeed({ velocity, acceleration, noise }: Signs, previous?: TrendStatus): boolean {
  // Noise of the velocity: that of the acceleration over its 6 h.
  if (previous === 'rising') return velocity > -6 * noise && acceleration >= -noise;
  if (previous === 'peaking') return velocity > 6 * noise && acceleration > noise;
  return velocity > 0 && acceleration >= 0;
}

function heightNeeded(up: boolean, previous?: TrendStatus): number {
  if (up) return 0.4;
  return previous === 'fading' ? 0.6 : 0.5;
}
