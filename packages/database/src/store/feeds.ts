import type { Queryable } from '../pool.ts';

export type FeedSource = 'opml' | 'imported' | 'demo';
/** A feed as the extractor fetches it. */
export type FeedRow = {
  id: string;
  url: string;
  title: string;
  language: string | null;
  source: FeedSource;
  etag: string | null;
  lastModified: string | null;
  failures: number;
  createdAt: Date;
};
export type FeedEntry = { url: string; title: string; language: string | null };

const columns = `id, url, title, language, source, etag, last_modified as "lastModified", failures,
  created_at as "createdAt"`;

/** Feeds that are to be fetched, oldest first. */
export async function activeFeeds(db: Queryable): Promise<FeedRow[]> {
  return (await db.query<FeedRow>(`select ${columns} from feeds where active order by id`)).rows;
}

/**
 * Adds these feeds, or makes them active again. With `exclusive`, feeds of the same source that are
 * not among them become inactive: the list is all there is.
 *
 * @returns how many were not known before
 */
export async function saveFeeds(
  db: Queryable,
  feeds: readonly FeedEntry[],
  { source, at, exclusive = false }: { source: FeedSource; at: Date; exclusive?: boolean },
): Promise<number> {
  const { rows } = await db.query<{ added: boolean }>(
    `insert into feeds (url, title, language, source, created_at)
     select url, coalesce(title, ''), language, $2, $3
       from jsonb_to_recordset($1::jsonb) as f (url text, title text, language text)
     on conflict (url) do update
       -- What a person imported stays so when a list names it too: it outlives the list.
       set active = true, source = case when feeds.source = 'imported' then feeds.source else excluded.source end,
           title = case when excluded.title <> '' then excluded.title else feeds.title end,
           language = coalesce(excluded.language, feeds.language)
     returning xmax = 0 as added`,
    [JSON.stringify(feeds), source, at],
  );
  if (exclusive) {
    await db.query('update feeds set active = false where source = $1 and active and url <> all ($2)', [
      source,
      feeds.map((f) => f.url),
    ]);
  }
  return rows.filter((r) => r.added).length;
}

/** Removes the demo feeds with all that came from them: real feeds have taken their place. */
export async function dropDemo(db: Queryable): Promise<void> {
  await db.query(
    // The headlines go with their feeds. Locked in order of id before that: see lockHeadlines.
    `with locked as (select h.id from headlines h join feeds f on f.id = h.feed_id where f.source = 'demo'
                      order by h.id for update of h)
     delete from feeds where source = 'demo' and (select count(*) from locked) >= 0`,
  );
  await db.query('delete from trends where demo');
}

/** Whether a feed that is no demo, and is to be fetched, has ever been fetched without a failure. */
export async function realFeedAnswered(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ answered: boolean }>(
    `select exists (select from feeds where active and source <> 'demo' and last_success_at is not null)
       as answered`,
  );
  return rows[0]!.answered;
}

/** What a fetch of a feed came to. */
export type FetchNote =
  | { state: 'ok'; etag: string | null; lastModified: string | null; title: string; language: string | null }
  | { state: 'not_modified' }
  | { state: 'failing'; error: string };

export async function noteFetch(db: Queryable, id: string, at: Date, note: FetchNote): Promise<void> {
  if (note.state === 'failing') {
    await db.query(
      `update feeds set state = 'failing', last_fetched_at = $2, last_error = $3, failures = failures + 1
        where id = $1`,
      [id, at, note.error.slice(0, 1000)],
    );
    return;
  }
  const fresh = note.state === 'ok' ? note : undefined;
  await db.query(
    `update feeds set state = $3, last_fetched_at = $2, last_success_at = $2, last_error = null, failures = 0,
            etag = case when $4 then $5 else etag end,
            last_modified = case when $4 then $6 else last_modified end,
            title = case when title = '' then coalesce($7, '') else title end,
            language = coalesce(language, $8)
      where id = $1`,
    [
      id,
      at,
      note.state,
      fresh !== undefined,
      fresh?.etag ?? null,
      fresh?.lastModified ?? null,
      fresh?.title ?? null,
      fresh?.language ?? null,
    ],
  );
}
