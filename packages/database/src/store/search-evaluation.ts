import type { Queryable } from '../pool.ts';
import type { IndexHeadline } from './search-indexes.ts';

/** A search and what of a run's headlines answers it: the newest, and how many in all. */
export type SearchMatch = { id: string; searchId: string; headlines: readonly string[]; total: number };

/** How long it is remembered what was told, days. */
const KEPT_DAYS = 30;

/**
 * Begins the evaluation of a batch; replicas take turns until the end of the transaction. The batch's row is not locked
 * meanwhile: others note in it how far the run is.
 *
 * @returns the batch's clock; undefined where it was evaluated before
 * @throws Error where there is no such batch
 */
export async function beginEvaluation(tx: Queryable, batchId: string): Promise<Date | undefined> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('afk alerts', 0))`);
  const { rows } = await tx.query<{ asOf: Date; before: Date | null }>(
    'select as_of as "asOf", searches_evaluated_at as before from batches where id = $1',
    [batchId],
  );
  if (!rows[0]) throw new Error(`there is no batch ${batchId}`);
  if (rows[0].before) return undefined;
  return rows[0].asOf;
}

/**
 * Notes that a batch is evaluated: last of all, in the transaction of {@link beginEvaluation}.
 *
 * @throws Error where it was before, or the batch is gone: then nothing of this transaction may stay
 */
export async function endEvaluation(tx: Queryable, batchId: string): Promise<void> {
  const { rowCount } = await tx.query(
    'update batches set searches_evaluated_at = now() where id = $1 and searches_evaluated_at is null',
    [batchId],
  );
  if (rowCount === 0) throw new Error(`batch ${batchId} is gone, or its searches were evaluated before`);
}

/**
 * Takes headlines that no saved search has been put to, up to `limit`. Those that the classifier has not seen yet, and
 * those that lie beyond the clock, are left for the run that reaches them.
 */
export async function takeUnevaluated(tx: Queryable, asOf: Date, limit: number): Promise<IndexHeadline[]> {
  const { rows } = await tx.query<IndexHeadline>(
    `delete from unevaluated_headlines u using headlines h
      where h.id = u.headline_id and u.headline_id in
            (select n.headline_id from unevaluated_headlines n join headlines t on t.id = n.headline_id
              where t.category_model is not null and t.published_at <= $1 limit $2
              -- Locked is what is being deleted with its headline; waiting for each other would be the end of one.
              for update of n skip locked)
     returning h.id, h.title, h.summary, h.language, h.publisher, h.category,
               h.published_at as "publishedAt", h.demo`,
    [asOf, limit],
  );
  return rows;
}

/** {@link takeUnevaluated} where nobody asks: they count as evaluated. */
export async function passUnevaluated(tx: Queryable, asOf: Date): Promise<void> {
  await tx.query(
    `delete from unevaluated_headlines where headline_id in
            (select n.headline_id from unevaluated_headlines n join headlines t on t.id = n.headline_id
              where t.category_model is not null and t.published_at <= $1 for update of n skip locked)`,
    [asOf],
  );
}

/** Whether any headline is more than the demo's invention. */
export async function hasRealHeadlines(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ real: boolean }>(
    'select exists (select from headlines where not demo) as real',
  );
  return rows[0]!.real;
}

/** Stores what a batch matched, and forgets what was told long ago. */
export async function saveSearchMatches(
  tx: Queryable,
  batchId: string,
  matches: readonly SearchMatch[],
  at: Date,
): Promise<void> {
  await tx.query(
    `insert into saved_search_matches (id, search_id, batch_id, headlines, total, created_at)
     select id, "searchId", $2, headlines, total, $3
       from jsonb_to_recordset($1::jsonb) as m (id uuid, "searchId" uuid, headlines uuid[], total integer)
      -- Removed meanwhile: nobody is to be told.
      where exists (select from saved_searches s where s.id = "searchId")`,
    [JSON.stringify(matches), batchId, at],
  );
  await tx.query('update saved_searches set last_matched_at = $2 where id = any ($1)', [
    matches.map((m) => m.searchId),
    at,
  ]);
  await tx.query(
    `delete from saved_search_matches where created_at < $1::timestamptz - $2 * interval '1 day'`,
    [at, KEPT_DAYS],
  );
}

/** What a batch matched, in the same order each time. */
export async function matchesOfBatch(
  db: Queryable,
  batchId: string,
): Promise<{ id: string; searchId: string; total: number }[]> {
  const { rows } = await db.query<{ id: string; searchId: string; total: number }>(
    `select id, search_id as "searchId", total from saved_search_matches where batch_id = $1 order by search_id`,
    [batchId],
  );
  return rows;
}
