import type { Queryable } from '../pool.ts';

/** Null: its batch is of an older release. */
export type WindowColumns = { windowHours: number | null; bucketMinutes: number | null };
export type CurrentBatch = WindowColumns & { id: string; asOf: Date };

/** Of the batch `b`. */
export const windowColumns = 'b.window_hours as "windowHours", b.bucket_minutes as "bucketMinutes"';

const currentBatch = `select b.id, b.as_of as "asOf", ${windowColumns} from batches b
  where b.window_hours is not null or exists (select from trends t where t.updated_batch = b.id) order by b.started_at desc, b.id limit 1`;

/** The run whose trends are the current ones: the latest that got so far, also where it found none. */
export async function findCurrent(db: Queryable): Promise<CurrentBatch | undefined> {
  return (await db.query<CurrentBatch>(currentBatch)).rows[0];
}
