import type { Queryable } from '../pool.ts';

export type BatchRow = { id: string; correlationId: string; asOf: Date };

/** Begins a batch; the same trigger again gives the batch that it began. */
export async function beginBatch(
  db: Queryable,
  batch: { id: string; triggerId: string; correlationId: string; asOf: Date },
): Promise<BatchRow> {
  const { rows } = await db.query<BatchRow>(
    `insert into batches (id, trigger_id, correlation_id, as_of) values ($1, $2, $3, $4)
     on conflict (trigger_id) do update set trigger_id = excluded.trigger_id
     returning id, correlation_id as "correlationId", as_of as "asOf"`,
    [batch.id, batch.triggerId, batch.correlationId, batch.asOf],
  );
  return rows[0]!;
}

/** @throws Error where there is no such batch */
export async function batchOf(db: Queryable, id: string): Promise<BatchRow> {
  const { rows } = await db.query<BatchRow>(
    'select id, correlation_id as "correlationId", as_of as "asOf" from batches where id = $1',
    [id],
  );
  if (!rows[0]) throw new Error(`there is no batch ${id}`);
  return rows[0];
}

/** What the trends of a batch are built with: how far they look back, and the width of a bar of their history. */
export async function saveTrendWindow(
  db: Queryable,
  id: string,
  { windowHours, bucketMinutes }: { windowHours: number; bucketMinutes: number },
): Promise<void> {
  await db.query('update batches set window_hours = $2, bucket_minutes = $3 where id = $1', [
    id,
    windowHours,
    bucketMinutes,
  ]);
}

/** What an event says of its batch; fields that it does not name stay as they are. */
export type BatchNote = {
  id: string;
  status?: 'complete' | 'failed';
  at?: Date;
  headlines?: number;
  topics?: number;
  trends?: number;
  indexed?: number;
};

/** A batch that completed stays complete; one that failed completes if its dead letter is replayed. */
export async function noteBatch(db: Queryable, note: BatchNote): Promise<void> {
  await db.query(
    `update batches set
        status = case when status = 'complete' then status else coalesce($2, status) end,
        finished_at = case when status = 'complete' then finished_at when $2 is null then finished_at else $3 end,
        headlines = coalesce($4, headlines), topics = coalesce($5, topics),
        trends = coalesce($6, trends), indexed = coalesce($7, indexed)
      where id = $1`,
    [
      note.id,
      note.status ?? null,
      note.at ?? null,
      note.headlines ?? null,
      note.topics ?? null,
      note.trends ?? null,
      note.indexed ?? null,
    ],
  );
}
