import type { savedSearches } from '@afk/contracts';
import type { Pool, Queryable } from '../pool.ts';
import { savedSearchColumns, type SavedSearchRow } from '../store/saved-searches.ts';
import { snapshot, type Page } from './snapshot.ts';

type SearchRow = SavedSearchRow & {
  lastMatchedAt: Date | null;
  lastDeliveredAt: Date | null;
  lastError: string | null;
  lastErrorAt: Date | null;
};

const columns = `${savedSearchColumns}, last_matched_at as "lastMatchedAt",
  last_delivered_at as "lastDeliveredAt", last_error as "lastError", last_error_at as "lastErrorAt"`;

/** The saved searches, newest first; never their secrets. */
export async function listSavedSearches(
  pool: Pool,
  { limit, offset }: Page,
): Promise<savedSearches.SavedSearchList> {
  return snapshot(pool, async (db) => {
    const count = await db.query<{ n: string }>('select count(*) as n from saved_searches');
    const { rows } = await db.query<SearchRow>(
      `select ${columns} from saved_searches order by created_at desc, id limit $1 offset $2`,
      [limit, offset],
    );
    return { total: Number(count.rows[0]!.n), items: rows.map(toSavedSearch) };
  });
}

/** A saved search with its last deliveries; undefined where there is none of that id. */
export async function findSavedSearch(
  pool: Pool,
  id: string,
): Promise<savedSearches.SavedSearchDetail | undefined> {
  return snapshot(pool, async (db) => {
    const { rows } = await db.query<SearchRow>(`select ${columns} from saved_searches where id = $1`, [id]);
    return rows[0] && { ...toSavedSearch(rows[0]), deliveries: await deliveriesOf(db, id) };
  });
}

type DeliveryRow = {
  id: string;
  batchId: string | null;
  createdAt: Date;
  total: number;
  headlines: savedSearches.Delivery['headlines'];
  attempts: number;
  deliveredAt: Date | null;
  failedAt: Date | null;
  lastError: string | null;
};

async function deliveriesOf(db: Queryable, searchId: string): Promise<savedSearches.Delivery[]> {
  const { rows } = await db.query<DeliveryRow>(
    `select m.id, m.batch_id as "batchId", m.created_at as "createdAt", m.total, m.attempts,
            m.delivered_at as "deliveredAt", m.failed_at as "failedAt", m.last_error as "lastError",
            coalesce((select jsonb_agg(jsonb_build_object('id', h.id, 'title', h.title, 'url', h.url,
                                                          'publisher', h.publisher) order by n)
                        from unnest(m.headlines[1:5]) with ordinality as t (id, n) join headlines h using (id)),
                     '[]') as headlines
       from saved_search_matches m where m.search_id = $1 order by m.created_at desc, m.id limit 20`,
    [searchId],
  );
  return rows.map(toDelivery);
}

function toDelivery(row: DeliveryRow): savedSearches.Delivery {
  return {
    id: `msg_${row.id}`,
    kind: row.batchId === null ? 'test' : 'match',
    batch_id: row.batchId,
    created_at: row.createdAt.toISOString(),
    total: row.total,
    headlines: row.headlines,
    state: row.deliveredAt ? 'delivered' : row.failedAt ? 'failed' : 'waiting',
    attempts: row.attempts,
    delivered_at: row.deliveredAt?.toISOString() ?? null,
    last_error: row.lastError,
  };
}

function toSavedSearch(row: SearchRow): savedSearches.SavedSearch {
  const { id, name, query, category, language, publisher, active } = row;
  return {
    id,
    name,
    query,
    category,
    language,
    publisher,
    webhook_url: row.webhookUrl,
    active,
    created_at: row.createdAt.toISOString(),
    last_matched_at: row.lastMatchedAt?.toISOString() ?? null,
    last_delivered_at: row.lastDeliveredAt?.toISOString() ?? null,
    last_error:
      row.lastError !== null && row.lastErrorAt
        ? { at: row.lastErrorAt.toISOString(), message: row.lastError }
        : null,
  };
}
