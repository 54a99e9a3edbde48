import type { Queryable } from '../pool.ts';

/** A message that was heard on a channel. */
export type FlowRow = {
  at: Date;
  channel: string;
  event: string | null;
  eventId: string | null;
  batchId: string | null;
  correlationId: string | null;
  payload: unknown;
  raw: string | null;
};

/** Adds messages to the flow log. An event that is there already stays there once. */
export async function saveFlow(db: Queryable, rows: readonly FlowRow[]): Promise<void> {
  await db.query(
    `insert into flow_log (at, channel, event, event_id, batch_id, correlation_id, payload, raw)
     select at, channel, event, "eventId", "batchId", "correlationId", payload, raw
       from jsonb_to_recordset($1::jsonb) as f (at timestamptz, channel text, event text, "eventId" text,
            "batchId" text, "correlationId" text, payload jsonb, raw text)
     on conflict (channel, event_id) where event_id is not null do nothing`,
    [JSON.stringify(rows)],
  );
}

/** Removes what is older. @returns how many rows went */
export async function trimFlow(db: Queryable, before: Date): Promise<number> {
  return (await db.query('delete from flow_log where at < $1', [before])).rowCount ?? 0;
}
