import type { Queryable } from '../pool.ts';

/** What happened to a trend in a run, told from its own side. */
export type TrendEvent = {
  trend: string;
  kind: 'born' | 'split_from' | 'grown' | 'absorbed' | 'merged' | 'split' | 'slept' | 'revived';
  /** The trend that it met or parted from. */
  other: string | null;
  /** Headlines that it had in the window then. */
  headlines: number;
};

/** Adds what happened in a batch; what has been told of it already stays as it was told. */
export async function saveTrendEvents(
  db: Queryable,
  batch: { id: string; asOf: Date },
  events: readonly TrendEvent[],
): Promise<void> {
  await db.query(
    `insert into trend_events (trend_id, batch_id, at, kind, other_id, headlines)
     select trend, $2, $3, kind, other, headlines
       from jsonb_to_recordset($1::jsonb) as e (trend uuid, kind text, other uuid, headlines int)
     on conflict do nothing`,
    [JSON.stringify(events), batch.id, batch.asOf],
  );
}

/** For each of these trends the headlines that it had when its size was last told, before this batch. */
export async function toldSizes(
  db: Queryable,
  trends: readonly string[],
  batchId: string,
): Promise<Map<string, number>> {
  const { rows } = await db.query<{ id: string; headlines: number }>(
    `select distinct on (trend_id) trend_id as id, headlines from trend_events
      where trend_id = any ($1::uuid[]) and batch_id <> $2 and kind in ('born', 'split_from', 'grown', 'revived')
      order by trend_id, at desc, headlines desc`,
    [trends, batchId],
  );
  return new Map(rows.map((r) => [r.id, r.headlines]));
}
