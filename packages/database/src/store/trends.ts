import type { Queryable } from '../pool.ts';

/** A topic followed over time, as a batch leaves it. */
export type TrendRow = {
  id: string;
  label: string;
  central: string;
  keywords: string[];
  languages: string[];
  status: string;
  score: number;
  velocity: number;
  headlines: number;
  publishers: number;
  sparkline: number[];
  firstSeen: Date;
  lastSeen: Date;
  demo: boolean;
  members: string[];
  /** `partial`: the window holds a part of this bucket only; what an earlier batch counted there stands. */
  points: { at: Date; count: number; partial?: boolean }[];
};

/** A trend of the past. Members are headline ids. */
export type PreviousTrend = { id: string; members: string[]; firstSeen: Date; bornBatch: string };

/**
 * Trends that a batch may continue, with their headlines published in (since, until], by id. Those after
 * `until`, the batch's clock, are the future to it: a live run may have been there before a replay.
 */
export async function continuable(db: Queryable, since: Date, until: Date): Promise<PreviousTrend[]> {
  const { rows } = await db.query<PreviousTrend>(
    `select t.id, t.first_seen as "firstSeen", t.born_batch as "bornBatch",
            array_agg(th.headline_id::text order by th.headline_id) as members
       from trends t join trend_headlines th on th.trend_id = t.id
       join headlines h on h.id = th.headline_id
      where t.last_seen >= $1 and t.merged_into is null
        and h.published_at > $1 and h.published_at <= $2
      group by t.id order by t.id`,
    [since, until],
  );
  return rows;
}

/**
 * Makes those that write trends take turns until the end of the transaction: what is read after it stands
 * until what follows from it is written.
 */
export async function lockTrends(tx: Queryable): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('afk trends', 0))`);
}

/** Whether a batch that began later has built its trends already. To be relied upon after `lockTrends` only. */
export async function overtaken(db: Queryable, batchId: string): Promise<boolean> {
  const { rows } = await db.query<{ overtaken: boolean }>(
    `select exists (select from trends t join batches later on later.id = t.updated_batch
                      join batches own on own.id = $1
                     where later.started_at > own.started_at) as overtaken`,
    [batchId],
  );
  return rows[0]!.overtaken;
}

/**
 * Writes the trends of a batch: all that it has are current, all others are not. To be called in a
 * transaction; the same batch again gives the same rows.
 */
export async function saveTrends(
  db: Queryable,
  batchId: string,
  trends: readonly TrendRow[],
  merged: readonly { from: string; into: string }[],
): Promise<void> {
  await upsertTrends(db, batchId, trends);
  await replaceMembers(db, trends);
  await savePoints(db, trends);
  await db.query(
    `update trends t set merged_into = m.target
       from jsonb_to_recordset($1::jsonb) as m (source uuid, target uuid) where t.id = m.source`,
    [JSON.stringify(merged.map((m) => ({ source: m.from, target: m.into })))],
  );
}

async function upsertTrends(db: Queryable, batchId: string, trends: readonly TrendRow[]): Promise<void> {
  const rows = trends.map(({ members: _members, points: _points, ...row }) => row);
  await db.query(
    `insert into trends (id, label, central, keywords, languages, status, score, velocity, headlines,
                         publishers, sparkline, first_seen, last_seen, demo, born_batch, updated_batch)
     select (t->>'id')::uuid, t->>'label', (t->>'central')::uuid,
            array (select jsonb_array_elements_text(t->'keywords')),
            array (select jsonb_array_elements_text(t->'languages')),
            t->>'status', (t->>'score')::float8, (t->>'velocity')::float8, (t->>'headlines')::int,
            (t->>'publishers')::int, array (select jsonb_array_elements_text(t->'sparkline')::int),
            (t->>'firstSeen')::timestamptz, (t->>'lastSeen')::timestamptz, (t->>'demo')::boolean, $1, $1
       from jsonb_array_elements($2::jsonb) as t
     on conflict (id) do update set
       label = excluded.label, central = excluded.central, keywords = excluded.keywords,
       languages = excluded.languages, status = excluded.status, score = excluded.score,
       velocity = excluded.velocity, headlines = excluded.headlines, publishers = excluded.publishers,
       sparkline = excluded.sparkline, first_seen = excluded.first_seen, last_seen = excluded.last_seen,
       demo = excluded.demo, merged_into = null, updated_batch = excluded.updated_batch`,
    [batchId, JSON.stringify(rows)],
  );
}

async function replaceMembers(db: Queryable, trends: readonly TrendRow[]): Promise<void> {
  const pairs = trends.flatMap((t) => t.members.map((headline) => ({ headline, trend: t.id })));
  await db.query(
    `insert into trend_headlines (headline_id, trend_id)
     select headline, trend from jsonb_to_recordset($1::jsonb) as m (headline uuid, trend uuid)
     on conflict (headline_id) do update set trend_id = excluded.trend_id
       where trend_headlines.trend_id <> excluded.trend_id`,
    [JSON.stringify(pairs)],
  );
}

async function savePoints(db: Queryable, trends: readonly TrendRow[]): Promise<void> {
  const points = trends.flatMap((t) =>
    t.points.map((p, i) => ({ trend: t.id, until: endOf(t.points, i), ...p })),
  );
  const given = '$1::jsonb) as p (trend uuid, at timestamptz, until timestamptz, count int';
  const whole = [JSON.stringify(points.filter((p) => !p.partial))];
  await db.query(
    `insert into trend_points (trend_id, at, count)
     select trend, at, count from jsonb_to_recordset(${given}) where count > 0
     on conflict (trend_id, at) do update set count = excluded.count where trend_points.count <> excluded.count`,
    whole,
  );
  // The headlines that were counted there went to another trend, or bars were narrower once.
  await db.query(
    `delete from trend_points t using jsonb_to_recordset(${given})
      where t.trend_id = p.trend and ((t.at = p.at and p.count = 0) or (t.at > p.at and t.at < p.until))`,
    whole,
  );
  await db.query(
    `insert into trend_points (trend_id, at, count)
     select trend, at, count from jsonb_to_recordset(${given}) where count > 0
     on conflict (trend_id, at) do nothing`,
    [JSON.stringify(points.filter((p) => p.partial))],
  );
}

/** Where a bar ends; bars follow each other. Null for one that stands alone. */
function endOf(points: TrendRow['points'], i: number): Date | null {
  const [own, next, before] = [points[i]!.at.getTime(), points[i + 1]?.at, points[i - 1]?.at.getTime()];
  return next ?? (before === undefined ? null : new Date(2 * own - before));
}

/** Titles with their languages, the newest first. */
export type TrendText = { id: string; titles: { text: string; language: string }[] };

/** The trends of a batch with the titles that they are made of (the newest `limit` each). */
export async function trendTexts(db: Queryable, batchId: string, limit = 25): Promise<TrendText[]> {
  const { rows } = await db.query<TrendText>(
    `select t.id, jsonb_agg(jsonb_build_object('text', h.title, 'language', h.language)
                            order by h.published_at desc, h.id) as titles
       from trends t
       join lateral (select h.id, h.title, h.language, h.published_at from trend_headlines th
                       join headlines h on h.id = th.headline_id
                      where th.trend_id = t.id order by h.published_at desc, h.id limit $2) h on true
      where t.updated_batch = $1 group by t.id order by t.id`,
    [batchId, limit],
  );
  return rows;
}

export async function saveTrendCategories(
  db: Queryable,
  model: string,
  verdicts: readonly { id: string; category: string | null; probability: number }[],
): Promise<void> {
  await db.query(
    `update trends t set category = v.category, category_probability = v.probability, category_model = $2
       from jsonb_to_recordset($1::jsonb) as v (id uuid, category text, probability real) where t.id = v.id`,
    [JSON.stringify(verdicts), model],
  );
}

/** How many publishers tell the story of each of these headlines; those of no trend are left out. */
export async function breadthOf(db: Queryable, headlineIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await db.query<{ id: string; publishers: number }>(
    `select th.headline_id as id, t.publishers from trend_headlines th join trends t on t.id = th.trend_id
      where th.headline_id = any ($1::uuid[])`,
    [headlineIds],
  );
  return new Map(rows.map((r) => [r.id, r.publishers]));
}
