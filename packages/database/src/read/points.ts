import type { http } from '@afk/contracts';
import type { Queryable } from '../pool.ts';

type Point = http.TrendDetail['points'][number];
type Bar = { at: Date; minutes: number; count: number; aged: boolean };

const MINUTE = 60_000;

/**
 * What of a trend's history is seen: up to the `clock` of the current run, and in bars of `bucketMinutes` where nothing says
 * otherwise. `asOf`: the end of the window; null for a trend of the past.
 */
export type PointSight = {
  asOf: Date | null;
  clock: Date | null;
  windowHours: number;
  bucketMinutes: number;
};

/**
 * Headlines a bar without gaps, each bar with its own width: the trend's life from its first to its last, and for a current
 * one every bucket of the window too. A silence beside bars that have aged is one bar as wide as it is long.
 */
export async function pointsOf(db: Queryable, id: string, sight: PointSight): Promise<Point[]> {
  const { rows } = await db.query<Bar>(barsSql, [id, sight.clock]);
  const width = sight.bucketMinutes * MINUTE;
  const window = windowOf(sight, width);
  const first = rows[0]?.at.getTime() ?? Infinity;
  let until = Math.min(first, window?.from ?? first);
  let aged = false;
  const points: Point[] = [];
  const fill = (to: number, besideAged: boolean): void => {
    // What has aged lies before the window: in it, silence has its buckets.
    const bucketsFrom = besideAged ? Math.min(to, window?.from ?? to) : until;
    points.push(
      ...silence(until, bucketsFrom, Infinity),
      ...silence(Math.max(until, bucketsFrom), to, width),
    );
  };
  for (const bar of rows) {
    fill(bar.at.getTime(), aged || bar.aged);
    points.push({ at: bar.at.toISOString(), minutes: bar.minutes, count: bar.count });
    until = bar.at.getTime() + bar.minutes * MINUTE;
    aged = bar.aged;
  }
  if (window) fill(window.to, aged);
  return points;
}

/**
 * Of the bar that the clock lies in, a later run may have counted more than the clock has reached: there, the headlines
 * say how many.
 */
const barsSql = `
  select at, minutes, aged,
         case when $2::timestamptz is null or at + make_interval(mins => minutes) <= $2 then count else least(count, (
           select count(*)::int from trend_headlines th join headlines h on h.id = th.headline_id
            where th.trend_id = $1 and h.published_at >= at and h.published_at <= $2)) end as count
    from trend_points where trend_id = $1 and ($2 is null or at <= $2) order by at`;

/** The buckets that the window touches, milliseconds: where the first begins, where the last ends. */
function windowOf(
  { asOf, windowHours }: PointSight,
  width: number,
): { from: number; to: number } | undefined {
  if (!asOf) return undefined;
  const begin = (time: number): number => Math.floor(time / width) * width;
  return { from: begin(asOf.getTime() - windowHours * 3_600_000), to: begin(asOf.getTime()) + width };
}

/** Bars without headlines, of `width` milliseconds or what is left of it. */
function silence(from: number, to: number, width: number): Point[] {
  const points: Point[] = [];
  for (let at = from; at < to; at += width) {
    const minutes = Math.min(width, to - at) / MINUTE;
    points.push({ at: new Date(at).toISOString(), minutes, count: 0 });
  }
  return points;
}
