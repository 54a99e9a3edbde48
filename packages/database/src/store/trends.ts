import type { Queryable } from '../pool.ts';
import { agePoints, savePoints, type PointRow } from './points.ts';

/** A topic followed over time, as a batch leaves it. */
export type TrendRow = {
  id: string;
  label: string;
  central: string;
  keywords: string[];
  languages: string[];
  status: string;
  score: number;
  /** Headlines/h, headlines/h², standard deviations; `@afk/topics` says of what. */
  velocity: number;
  acceleration: number;
  z: number;
  /** `since`: null where no burst goes on. */
  burst: { weight: number; since: Date | null };
  headlines: number;
  publishers: number;
  sparkline: number[];
  firstSeen: Date;
  lastSeen: Date;
  demo: boolean;
  members: string[];
  /** The bars of the window, also those without headlines. */
  points: PointRow[];
};

/** A trend as the last run that had it left it. */
export type PreviousTrend = {
  id: string;
  firstSeen: Date;
  bornBatch: string;
  status: string;
  headlines: number;
};

/** These trends, and all that were current or awake after the last run; none that went into another. By id. */
export async function previousTrends(db: Queryable, ids: readonly string[]): Promise<PreviousTrend[]> {
  const { rows } = await db.query<PreviousTrend>(
    `select id, first_seen as "firstSeen", born_batch as "bornBatch", status, headlines from trends
      where merged_into is null and (id = any ($1::uuid[]) or status <> 'dormant') order by id`,
    [ids],
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
    `select exists (select from batches later join batches own on own.id = $1
                     where later.started_at > own.started_at and (later.window_hours is not null
                        or exists (select from trends t where t.updated_batch = later.id))) as overtaken`,
    [batchId],
  );
  return rows[0]!.overtaken;
}

/**
 * Writes the trends of a batch: all that it has are current, all others are not, and sleep. A trend that went into another
 * leaves it its headlines. To be called in a transaction; the same batch again gives the same rows.
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
  await agePoints(db, batchId, trends);
  await mergeTrends(db, merged);
  await db.query(
    `update trends set status = 'dormant' where updated_batch <> $1 and merged_into is null and status <> 'dormant'`,
    [batchId],
  );
}

async function mergeTrends(db: Queryable, merged: readonly { from: string; into: string }[]): Promise<void> {
  const given = JSON.stringify(merged.map((m) => ({ source: m.from, target: m.into })));
  const pairs = 'jsonb_to_recordset($1::jsonb) as m (source uuid, target uuid)';
  await db.query(`update trends t set merged_into = m.target from ${pairs} where t.id = m.source`, [given]);
  await db.query(
    `update trend_headlines h set trend_id = m.target from ${pairs} where h.trend_id = m.source`,
    [given],
  );
}

async function upsertTrends(db: Queryable, batchId: string, trends: readonly TrendRow[]): Promise<void> {
  const rows = trends.map(({ members: _members, points: _points, ...row }) => row);
  await db.query(
    `insert into trends (id, label, central, keywords, languages, status, score, velocity, acceleration, z,
                         burst_weight, burst_since, headlines, publishers, sparkline, first_seen,
                         last_seen, demo, born_batch, updated_batch)
     select (t->>'id')::uuid, t->>'label', (t->>'central')::uuid,
            array (select jsonb_array_elements_text(t->'keywords')),
            array (select jsonb_array_elements_text(t->'languages')),
            t->>'status', (t->>'score')::float8, (t->>'velocity')::float8,
            (t->>'acceleration')::float8, (t->>'z')::float8, (t->'burst'->>'weight')::float8,
            (t->'burst'->>'since')::timestamptz, (t->>'headlines')::int,
            (t->>'publishers')::int, array (select jsonb_array_elements_text(t->'sparkline')::int),
            (t->>'firstSeen')::timestamptz, (t->>'lastSeen')::timestamptz, (t->>'demo')::boolean, $1, $1
       from jsonb_array_elements($2::jsonb) as t
     on conflict (id) do update set
       label = excluded.label, central = excluded.central, keywords = excluded.keywords,
       languages = excluded.languages, status = excluded.status, score = excluded.score,
       velocity = excluded.velocity, acceleration = excluded.acceleration, z = excluded.z,
       burst_weight = excluded.burst_weight, burst_since = excluded.burst_since, headlines = excluded.headlines, publishers = excluded.publishers,
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

/** Takes from trends the headlines that are in another story now, also where that is none that is told of. */
export async function dropStrays(db: Queryable): Promise<void> {
  await db.query(
    `delete from trend_headlines th using story_headlines s
      where s.headline_id = th.headline_id and s.story_id <> th.trend_id`,
  );
}
