import type { Queryable } from '../pool.ts';

/**
 * Deletes headlines that were both published and first seen before a moment, up to `limit` of them. What is known of trends
 * stays: their bars, their scores, their lives.
 *
 * @returns how many were deleted; fewer than `limit`: none is left
 */
export async function deleteHeadlinesBefore(db: Queryable, before: Date, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    // Locked in order of id: see lockHeadlines.
    `with old as (select id from headlines where published_at < $1 and first_seen_at < $1
                   order by published_at, id limit $2),
          locked as (select h.id from headlines h join old on old.id = h.id order by h.id for update of h)
     delete from headlines h using locked l where h.id = l.id`,
    [before, limit],
  );
  return rowCount ?? 0;
}
