import type { Queryable } from '../pool.ts';
import type { WindowHeadline } from './headlines.ts';

/** The run that the stored stories are of. */
export type StoryHead = {
  batchId: string;
  asOf: Date;
  /** Items that the window had when all of it was last weighed. */
  weighedAt: number;
};

/** A headline with what was stored of it when it was grouped. */
export type StoryHeadline = FreshHeadline & { item: string; story: string; vector: Uint8Array };
/** A headline to be grouped: `summary` is its beginning. */
export type FreshHeadline = WindowHeadline & { summary: string };

/** A story as a run leaves it. */
export type StoryRow = { id: string; central: string; keywords: string[]; examined: number };

/** What a run changes. Ids are those of headlines and stories. */
export type StoryWrite = {
  stories: readonly StoryRow[];
  headlines: readonly { headline: string; item: string; story: string; vector: Uint8Array }[];
  expired: readonly string[];
  gone: readonly string[];
  merged: readonly { from: string; into: string }[];
  split: readonly { id: string; from: string }[];
};

/** Rows of an insert: some hundred bytes each. */
const ROWS_AT_ONCE = 2000;

/** Makes those that group headlines take turns until the end of the transaction. */
export async function lockStories(tx: Queryable): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('afk stories', 0))`);
}

/** Undefined before the first run. */
export async function storyHead(db: Queryable): Promise<StoryHead | undefined> {
  const { rows } = await db.query<StoryHead>(
    'select batch_id as "batchId", as_of as "asOf", weighed_at as "weighedAt" from story_window',
  );
  return rows[0];
}

/** Whether the stories are those of a batch that began later. To be relied upon after `lockStories` only. */
export async function storiesOvertaken(db: Queryable, batchId: string): Promise<boolean> {
  const { rows } = await db.query<{ overtaken: boolean }>(
    `select exists (select from story_window w join batches later on later.id = w.batch_id
                      join batches own on own.id = $1
                     where later.started_at > own.started_at) as overtaken`,
    [batchId],
  );
  return rows[0]!.overtaken;
}

const inWindow = 'h.published_at > $1 and h.published_at <= $2';
const headlineColumns = `h.id, h.title, left(h.summary, 300) as summary, h.language, h.publisher,
  h.published_at as "publishedAt", h.demo`;

/** How many headlines published up to then have been grouped and not left their window yet. */
export async function countGrouped(db: Queryable, to: Date): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `select count(*)::int as n from story_headlines s join headlines h on h.id = s.headline_id
      where h.published_at <= $1`,
    [to],
  );
  return rows[0]!.n;
}

/**
 * The headlines published up to then that have been grouped, with what is stored of them, oldest first. All of them, however old:
 * what is stored is the window, and to leave it is for the next run, whatever its width.
 */
export async function groupedHeadlines(db: Queryable, to: Date): Promise<StoryHeadline[]> {
  const { rows } = await db.query<StoryHeadline>(
    `select ${headlineColumns}, s.item, s.story_id as story, s.vector
       from story_headlines s join headlines h on h.id = s.headline_id
      where h.published_at <= $1 order by h.published_at, h.id`,
    [to],
  );
  return rows;
}

/** The headlines published in (from, to] that have not been grouped yet, oldest first. */
export async function ungroupedHeadlines(db: Queryable, from: Date, to: Date): Promise<FreshHeadline[]> {
  const { rows } = await db.query<FreshHeadline>(
    `select ${headlineColumns} from headlines h
      where ${inWindow} and not exists (select from story_headlines s where s.headline_id = h.id)
      order by h.published_at, h.id`,
    [from, to],
  );
  return rows;
}

/** Stories that have had more than one item when they were last looked at afresh. */
export async function examinedStories(db: Queryable): Promise<{ story: string; items: number }[]> {
  const { rows } = await db.query<{ story: string; items: number }>(
    'select id as story, examined as items from stories where examined > 1',
  );
  return rows;
}

/** Writes what a run changed. To be called in a transaction that holds `lockStories`; the same again gives the same rows. */
export async function saveStories(db: Queryable, head: StoryHead, write: StoryWrite): Promise<void> {
  await db.query(
    `insert into story_window (batch_id, as_of, weighed_at) values ($1, $2, $3)
     on conflict (one) do update set batch_id = excluded.batch_id, as_of = excluded.as_of,
       weighed_at = excluded.weighed_at`,
    [head.batchId, head.asOf, head.weighedAt],
  );
  for (let at = 0; at < write.headlines.length; at += ROWS_AT_ONCE) {
    await upsertHeadlines(db, write.headlines.slice(at, at + ROWS_AT_ONCE));
  }
  await db.query('delete from story_headlines where headline_id = any ($1::uuid[])', [write.expired]);
  await upsertStories(db, head.batchId, write);
  await saveEnds(db, head.batchId, write);
}

/** Stories that are gone, and where they went; not those that have headlines after the clock of a replay. */
async function saveEnds(db: Queryable, batchId: string, { gone, merged }: StoryWrite): Promise<void> {
  const empty = 'not exists (select from story_headlines h where h.story_id';
  await db.query(`delete from stories s where s.id = any ($1::uuid[]) and ${empty} = s.id)`, [gone]);
  await db.query(
    // What no trend has told of, nobody has to be told where it went, but for those that are on their way to it.
    `insert into story_mergers (from_id, into_id, batch_id)
     select m.source, m.target, $2 from jsonb_to_recordset($1::jsonb) as m (source uuid, target uuid)
      where ${empty} = m.source) and (exists (select from trends t where t.id = m.source)
         or exists (select from story_mergers w where w.into_id = m.source))
     on conflict (from_id) do update set into_id = excluded.into_id, batch_id = excluded.batch_id`,
    [JSON.stringify(merged.map((m) => ({ source: m.from, target: m.into }))), batchId],
  );
}

async function upsertHeadlines(db: Queryable, rows: StoryWrite['headlines']): Promise<void> {
  await db.query(
    `insert into story_headlines (headline_id, item, story_id, vector)
     select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bytea[])
     on conflict (headline_id) do update set item = excluded.item, story_id = excluded.story_id,
       vector = excluded.vector`,
    [
      rows.map((r) => r.headline),
      rows.map((r) => r.item),
      rows.map((r) => r.story),
      rows.map((r) => Buffer.from(r.vector.buffer, r.vector.byteOffset, r.vector.byteLength)),
    ],
  );
}

async function upsertStories(db: Queryable, batchId: string, { stories, split }: StoryWrite): Promise<void> {
  const origins = new Map(split.map(({ id, from }) => [id, from]));
  const rows = stories.map((s) => ({ ...s, split_from: origins.get(s.id) ?? null }));
  await db.query(
    `insert into stories (id, central, keywords, examined, split_from, batch_id)
     select (s->>'id')::uuid, (s->>'central')::uuid, array (select jsonb_array_elements_text(s->'keywords')),
            (s->>'examined')::int, (s->>'split_from')::uuid, $2
       from jsonb_array_elements($1::jsonb) as s
     on conflict (id) do update set central = excluded.central, keywords = excluded.keywords,
       examined = excluded.examined, split_from = coalesce(stories.split_from, excluded.split_from),
       batch_id = excluded.batch_id`,
    [JSON.stringify(rows), batchId],
  );
}

/** Forgets stories whose headlines have been deleted. */
export async function dropEmptyStories(db: Queryable): Promise<void> {
  await db.query(
    'delete from stories s where not exists (select from story_headlines h where h.story_id = s.id)',
  );
}

/** A story with its headlines of a window, oldest first. */
export type StoryOfWindow = {
  id: string;
  central: string;
  keywords: string[];
  splitFrom: string | null;
  members: string[];
};

/** The stories with at least `least` headlines published in (from, to], by id. */
export async function storiesOf(
  db: Queryable,
  from: Date,
  to: Date,
  least: number,
): Promise<StoryOfWindow[]> {
  const { rows } = await db.query<StoryOfWindow>(
    `select s.id, s.central, s.keywords, s.split_from as "splitFrom",
            array_agg(h.id::text order by h.published_at, h.id) as members
       from stories s join story_headlines sh on sh.story_id = s.id join headlines h on h.id = sh.headline_id
      where ${inWindow} group by s.id having count(*) >= $3 order by s.id`,
    [from, to, least],
  );
  return rows;
}

/** Stories that went into others, and whose trends have not followed yet. */
export async function pendingMergers(db: Queryable): Promise<{ from: string; into: string }[]> {
  const { rows } = await db.query<{ from: string; into: string }>(
    'select from_id as "from", into_id as "into" from story_mergers order by from_id',
  );
  return rows;
}

/** Forgets mergers that the trends have followed, and those whose end is gone. */
export async function dropMergers(db: Queryable, followed: readonly string[]): Promise<void> {
  await db.query(
    `delete from story_mergers m where m.from_id = any ($1::uuid[])
        or (not exists (select from stories s where s.id = m.into_id)
            and not exists (select from story_mergers n where n.from_id = m.into_id))`,
    [followed],
  );
}

/**
 * Which trend each of these headlines was last part of, where that trend has not gone into another and its story is gone: a story
 * that begins with such a headline is that one again (after an upgrade, or a clock set back and on again).
 */
export async function formerTrends(
  db: Queryable,
  headlines: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await db.query<{ headline: string; trend: string }>(
    `select th.headline_id as headline, t.id as trend from trend_headlines th join trends t on t.id = th.trend_id
      where th.headline_id = any ($1::uuid[]) and t.merged_into is null
        and not exists (select from stories s where s.id = t.id)`,
    [headlines],
  );
  return new Map(rows.map((r) => [r.headline, r.trend]));
}
