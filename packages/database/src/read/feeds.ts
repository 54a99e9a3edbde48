import type { http } from '@afk/contracts';
import type { Queryable } from '../pool.ts';

type FeedRow = {
  id: string;
  url: string;
  title: string;
  language: string | null;
  state: http.Feed['state'];
  lastFetchedAt: Date | null;
  lastSuccessAt: Date | null;
  lastError: string | null;
  failures: number;
  headlines: number;
  demo: boolean;
};

/** The feeds that are fetched, in the order they were added. A feed that has no title yet is called by its URL. */
export async function listFeeds(db: Queryable): Promise<http.FeedList> {
  const { rows } = await db.query<FeedRow>(
    `select f.id, f.url, coalesce(nullif(f.title, ''), f.url) as title, f.language, f.state,
            f.last_fetched_at as "lastFetchedAt", f.last_success_at as "lastSuccessAt",
            f.last_error as "lastError", f.failures, coalesce(h.n, 0) as headlines, f.source = 'demo' as demo
       from feeds f
       left join (select feed_id, count(*)::int as n from headlines group by feed_id) as h on h.feed_id = f.id
      where f.active order by f.id`,
  );
  return { total: rows.length, items: rows.map(toFeed) };
}

export async function hasDemoFeeds(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ demo: boolean }>(
    `select exists (select from feeds where active and source = 'demo') as demo`,
  );
  return rows[0]!.demo;
}

function toFeed({ lastFetchedAt, lastSuccessAt, lastError, ...row }: FeedRow): http.Feed {
  return {
    ...row,
    last_fetched_at: lastFetchedAt?.toISOString() ?? null,
    last_success_at: lastSuccessAt?.toISOString() ?? null,
    last_error: lastError,
  };
}
