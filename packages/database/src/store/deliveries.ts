import type { Queryable } from '../pool.ts';
import type { SavedSearchRow } from './saved-searches.ts';

/** What is to be told to a webhook. */
export type Delivery = {
  id: string;
  /** Null: a test. */
  batchId: string | null;
  headlines: string[];
  total: number;
  createdAt: Date;
  deliveredAt: Date | null;
  search: Omit<SavedSearchRow, 'createdAt'> & { secret: string };
};

type DeliveryRow = Omit<Delivery, 'search'> & Omit<Delivery['search'], 'id'> & { searchId: string };

/** Undefined where it, or its search, was removed. */
export async function deliveryOf(db: Queryable, id: string): Promise<Delivery | undefined> {
  const { rows } = await db.query<DeliveryRow>(
    `select m.id, m.batch_id as "batchId", m.headlines, m.total, m.created_at as "createdAt",
            m.delivered_at as "deliveredAt", s.id as "searchId", s.name, s.query, s.category, s.language,
            s.publisher, s.webhook_url as "webhookUrl", s.secret, s.active
       from saved_search_matches m join saved_searches s on s.id = m.search_id where m.id = $1`,
    [id],
  );
  if (!rows[0]) return undefined;
  const { batchId, headlines, total, createdAt, deliveredAt, searchId, ...search } = rows[0];
  const { id: _, ...rest } = search;
  return { id, batchId, headlines, total, createdAt, deliveredAt, search: { ...rest, id: searchId } };
}

/** Enters a test of a saved search. @returns false where there is no such search */
export async function addTestDelivery(
  db: Queryable,
  { id, searchId, at }: { id: string; searchId: string; at: Date },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into saved_search_matches (id, search_id, headlines, total, created_at)
     select $1, s.id, '{}', 0, $3 from saved_searches s where s.id = $2`,
    [id, searchId, at],
  );
  return rowCount === 1;
}

/** Takes out a delivery that nobody will make. */
export async function removeDelivery(db: Queryable, id: string): Promise<void> {
  await db.query('delete from saved_search_matches where id = $1', [id]);
}

export async function noteDelivered(db: Queryable, id: string, at: Date): Promise<void> {
  await db.query(
    `with told as (update saved_search_matches set delivered_at = $2, failed_at = null, last_error = null,
                          attempts = attempts + 1 where id = $1 returning search_id)
     update saved_searches s set last_delivered_at = $2, last_error = null, last_error_at = null
       from told where s.id = told.search_id`,
    [id, at],
  );
}

/** Notes why a delivery did not arrive. @param final it will not be tried again */
export async function noteUndelivered(
  db: Queryable,
  id: string,
  { at, error, final }: { at: Date; error: string; final: boolean },
): Promise<void> {
  await db.query(
    `with tried as (update saved_search_matches set last_error = $3, attempts = attempts + 1,
                           failed_at = case when $4 then $2::timestamptz end where id = $1 returning search_id)
     update saved_searches s set last_error = $3, last_error_at = $2 from tried where s.id = tried.search_id`,
    [id, at, error, final],
  );
}
