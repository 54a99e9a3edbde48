import type { Queryable } from '../pool.ts';

/** Headlines of a trend in one bar of its history. */
export type PointRow = {
  at: Date;
  /** Width of the bar. */
  minutes: number;
  count: number;
  /** The window holds a part of this bar only; what an earlier batch counted there stands. */
  partial?: boolean;
};
type Owner = { id: string; points: readonly PointRow[] };

/** Bars of the past, the oldest kind first: how wide they become, and how many days after. Weeks begin on Mondays, UTC. */
const AGES = [
  { minutes: 7 * 1440, afterDays: 90 },
  { minutes: 1440, afterDays: 7 },
] as const;

const points = '$1::jsonb) as p (trend uuid, at timestamptz, minutes int, count int)';
/** No bar that has aged holds it: the headlines are counted there already. */
const young = `not exists (select from trend_points a where a.trend_id = p.trend and a.aged
  and a.at <= p.at and p.at < a.at + make_interval(mins => a.minutes))`;

/**
 * Writes the bars of trends: counted anew where the window holds them whole, left alone where it holds a part or where they
 * have aged. To be called in a transaction; the same bars again give the same rows.
 */
export async function savePoints(db: Queryable, trends: readonly Owner[]): Promise<void> {
  const given = await changedPoints(db, trends);
  const whole = [JSON.stringify(given.filter((p) => !p.partial))];
  await db.query(
    `insert into trend_points (trend_id, at, minutes, count)
     select trend, at, minutes, count from jsonb_to_recordset(${points} where count > 0 and ${young}
     on conflict (trend_id, at) do update set count = excluded.count, minutes = excluded.minutes
       where (trend_points.count, trend_points.minutes) <> (excluded.count, excluded.minutes)`,
    whole,
  );
  // The headlines that were counted there went to another trend, or bars were narrower once.
  await db.query(
    `delete from trend_points t using jsonb_to_recordset(${points}
      where t.trend_id = p.trend and not t.aged
        and ((t.at = p.at and p.count = 0) or (t.at > p.at and t.at < p.at + make_interval(mins => p.minutes)))`,
    whole,
  );
  await db.query(
    `insert into trend_points (trend_id, at, minutes, count)
     select trend, at, minutes, count from jsonb_to_recordset(${points} where count > 0 and ${young}
     on conflict (trend_id, at) do nothing`,
    [JSON.stringify(given.filter((p) => p.partial))],
  );
}

type StoredPoint = { trend: string; at: Date; minutes: number; count: number };
type GivenPoint = PointRow & { trend: string };

/** Those of the bars that are not what is stored: most of a trend's stand, and most of the others have no headline. */
async function changedPoints(db: Queryable, trends: readonly Owner[]): Promise<GivenPoint[]> {
  const since = trends
    .flatMap((t) => t.points[0]?.at.getTime() ?? [])
    .reduce((a, b) => Math.min(a, b), Infinity);
  if (since === Infinity) return [];
  const { rows } = await db.query<StoredPoint>(
    'select trend_id as trend, at, minutes, count from trend_points where trend_id = any ($1::uuid[]) and at >= $2',
    [trends.map((t) => t.id), new Date(since)],
  );
  const stored = Map.groupBy(rows, (row) => row.trend);
  return trends.flatMap(({ id, points }) => {
    const own = stored.get(id) ?? [];
    const isOther = ({ at, minutes, count }: PointRow): boolean => {
      const end = at.getTime() + minutes * 60_000;
      const within = own.filter((row) => row.at.getTime() >= at.getTime() && row.at.getTime() < end);
      const [row] = within;
      if (!row) return count > 0;
      return (
        within.length > 1 ||
        row.at.getTime() !== at.getTime() ||
        row.minutes !== minutes ||
        row.count !== count
      );
    };
    return points.filter(isOther).map((point) => ({ trend: id, ...point }));
  });
}

/**
 * Merges the bars of the past, of whichever trend: into days 7 days before the batch's clock, into weeks 90 days before
 * it, each the exact sum. Whole days and weeks only, and none that reaches the bars of `trends`, the batch's window: what
 * a run of the same window writes has not aged. At most `limit` days and as many weeks, the oldest first; the
 * next run does the next. To be called in a transaction, after `savePoints`; again, it changes nothing.
 */
export async function agePoints(
  db: Queryable,
  batchId: string,
  trends: readonly Owner[],
  limit = 2000,
): Promise<void> {
  const window = trends.flatMap((t) => t.points.map((p) => p.at.getTime()));
  if (window.length === 0) return;
  const oldest = new Date(window.reduce((a, b) => Math.min(a, b)));
  for (const { minutes, afterDays } of AGES) {
    await db.query(
      `with bound as (
         select date_bin(make_interval(mins => $2), least(as_of - make_interval(hours => 24 * $3), $4::timestamptz),
                         '1970-01-05 00:00Z') as at from batches where id = $1),
       due as (
         select p.trend_id, date_bin(make_interval(mins => $2), p.at, '1970-01-05 00:00Z') as at
           from trend_points p where p.minutes < $2 and p.at < (select at from bound)
          group by 1, 2 order by 2, 1 limit $5),
       merged as (
         insert into trend_points (trend_id, at, minutes, count, aged)
         select d.trend_id, d.at, $2, sum(p.count), true from due d
           join trend_points p on p.trend_id = d.trend_id
            and p.at >= d.at and p.at < d.at + make_interval(mins => $2)
          group by d.trend_id, d.at
         on conflict (trend_id, at) do update
           set count = excluded.count, minutes = excluded.minutes, aged = true
         returning trend_id, at)
       delete from trend_points p using merged m
        where p.trend_id = m.trend_id and p.at > m.at and p.at < m.at + make_interval(mins => $2)`,
      [batchId, minutes, afterDays, oldest, limit],
    );
  }
}
