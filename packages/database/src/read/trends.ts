import type { http } from '@afk/contracts';
import type { Pool, Queryable } from '../pool.ts';
import { toCategory, type CategoryColumns } from './category.ts';
import { findCurrent, windowColumns, type WindowColumns } from './current.ts';
import { hasDemoFeeds } from './feeds.ts';
import { headlinesOfTrend } from './headlines.ts';
import { pointsOf } from './points.ts';
import { snapshot, type Page } from './snapshot.ts';

/** How far trends look back, and the width of a bar of their history. */
export type TrendWindow = { windowHours: number; bucketMinutes: number };
export type TrendFilter = { category?: string | undefined; language?: string | undefined };

/** A trend, or the one that it went into. */
export type FoundTrend = { detail: http.TrendDetail } | { mergedInto: string };

type TrendRow = CategoryColumns & {
  id: string;
  label: string;
  keywords: string[];
  status: http.Trend['status'];
  score: number;
  velocity: number;
  acceleration: number;
  z: number;
  burstWeight: number;
  burstSince: Date | null;
  headlines: number;
  publishers: number;
  languages: string[];
  firstSeen: Date;
  lastSeen: Date;
  sparkline: number[];
  demo: boolean;
};

type FoundRow = TrendRow &
  WindowColumns & { mergedInto: string | null; updatedBatch: string; asOf: Date | null };

/** Up to when headlines are known (`clock`), and the window that ends there; `asOf` null: a trend of the past. */
type Sight = TrendWindow & { clock: Date | null; asOf: Date | null };

/** Headlines that a trend's page shows at most. */
const SHOWN_HEADLINES = 100;

const columns = `t.id, t.label, t.keywords, t.category, t.category_probability as "categoryProbability",
  t.status, t.score, t.velocity, t.acceleration, t.z, t.burst_weight as "burstWeight",
  t.burst_since as "burstSince", t.headlines, t.publishers, t.languages, t.first_seen as "firstSeen",
  t.last_seen as "lastSeen", t.sparkline, t.demo`;

const matching = `($2::text is null or t.category = $2) and ($3::text is null or $3 = any (t.languages))`;

/**
 * The current trends, the most prominent first. `demo` is of all of them, whatever the filter; `fallback`
 * serves where the batch does not say what it was built with.
 */
export async function listTrends(
  pool: Pool,
  filter: TrendFilter,
  { limit, offset }: Page,
  fallback: TrendWindow,
): Promise<http.TrendList> {
  return snapshot(pool, async (db) => {
    const batch = await findCurrent(db);
    const window = windowOfBatch(batch, fallback);
    const values = [batch?.id ?? null, filter.category ?? null, filter.language ?? null];
    const { total, all, demo } = await countTrends(db, values);
    const { rows } = await db.query<TrendRow>(
      `select ${columns} from trends t where t.updated_batch = $1 and t.merged_into is null and ${matching}
        order by t.score desc, t.id limit $4 offset $5`,
      [...values, limit, offset],
    );
    return {
      as_of: batch?.asOf.toISOString() ?? null,
      batch_id: batch?.id ?? null,
      demo: all > 0 ? demo : await hasDemoFeeds(db),
      window_hours: window.windowHours,
      bucket_minutes: window.bucketMinutes,
      total,
      items: rows.map(toTrend),
    };
  });
}

function windowOfBatch(batch: WindowColumns | undefined, fallback: TrendWindow): TrendWindow {
  return {
    windowHours: batch?.windowHours ?? fallback.windowHours,
    bucketMinutes: batch?.bucketMinutes ?? fallback.bucketMinutes,
  };
}

async function countTrends(
  db: Queryable,
  values: readonly (string | null)[],
): Promise<{ total: number; all: number; demo: boolean }> {
  const { rows } = await db.query<{ total: number; all: number; demo: boolean }>(
    `select count(*) filter (where ${matching})::int as total, count(*)::int as all,
            coalesce(bool_or(t.demo), false) as demo
       from trends t where t.updated_batch = $1 and t.merged_into is null`,
    [...values],
  );
  return rows[0]!;
}

/**
 * Any trend, also one of the past; of its headlines none after the clock of the current run. Undefined where
 * there is none of that id. `fallback` as in `listTrends`.
 */
export async function findTrend(
  pool: Pool,
  id: string,
  fallback: TrendWindow,
): Promise<FoundTrend | undefined> {
  return snapshot(pool, async (db) => {
    const { rows } = await db.query<FoundRow>(
      `select ${columns}, t.merged_into as "mergedInto", t.updated_batch as "updatedBatch",
              b.as_of as "asOf", ${windowColumns}
         from trends t left join batches b on b.id = t.updated_batch where t.id = $1`,
      [id],
    );
    const row = rows[0];
    if (!row) return undefined;
    if (row.mergedInto) return { mergedInto: row.mergedInto };
    const current = await findCurrent(db);
    const asOf = row.updatedBatch === current?.id ? row.asOf : null;
    const sight = { ...windowOfBatch(row, fallback), clock: current?.asOf ?? null, asOf };
    return { detail: await detailOf(db, row, sight) };
  });
}

async function detailOf(db: Queryable, row: FoundRow, sight: Sight): Promise<http.TrendDetail> {
  return {
    ...toTrend(row),
    as_of: row.asOf?.toISOString() ?? null,
    bucket_minutes: sight.bucketMinutes,
    points: await pointsOf(db, row.id, sight),
    by_publisher: await publishersOf(db, row.id, sight),
    items: await headlinesOfTrend(db, row.id, SHOWN_HEADLINES, sight.clock),
  };
}

/** Headlines a publisher, in the window of `asOf` or of the trend's life up to the clock. */
async function publishersOf(
  db: Queryable,
  id: string,
  { asOf, clock, windowHours }: Sight,
): Promise<{ publisher: string; count: number }[]> {
  const { rows } = await db.query<{ publisher: string; count: number }>(
    `select h.publisher, count(*)::int as count
       from trend_headlines th join headlines h on h.id = th.headline_id
      where th.trend_id = $1
        and ($2::timestamptz is null or h.published_at > $2 - make_interval(secs => $3::float8 * 3600))
        and ($4::timestamptz is null or h.published_at <= $4)
      group by h.publisher order by count desc, h.publisher`,
    [id, asOf, windowHours, clock],
  );
  return rows;
}

function toTrend(row: TrendRow): http.Trend {
  const { firstSeen, lastSeen, burstWeight, burstSince } = row;
  return {
    id: row.id,
    label: row.label,
    keywords: row.keywords,
    category: toCategory(row),
    status: row.status,
    score: row.score,
    velocity: row.velocity,
    acceleration: row.acceleration,
    z: row.z,
    burst: { active: burstSince !== null, weight: burstWeight, since: burstSince?.toISOString() ?? null },
    headlines: row.headlines,
    publishers: row.publishers,
    languages: row.languages,
    first_seen: firstSeen.toISOString(),
    last_seen: lastSeen.toISOString(),
    sparkline: row.sparkline,
    demo: row.demo,
  };
}
