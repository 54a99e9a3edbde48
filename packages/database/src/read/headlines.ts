import type { http } from '@afk/contracts';
import type { Pool, Queryable } from '../pool.ts';
import { toCategory, type CategoryColumns } from './category.ts';
import { snapshot, type Page } from './snapshot.ts';

type HeadlineRow = CategoryColumns & {
  id: string;
  title: string;
  url: string;
  summary: string;
  publisher: string;
  language: string;
  publishedAt: Date;
  trendId: string | null;
  demo: boolean;
};

const columns = `h.id, h.title, h.url, h.summary, h.publisher, h.language, h.published_at as "publishedAt",
  h.category, h.category_probability as "categoryProbability", th.trend_id as "trendId", h.demo`;
const source = 'headlines h left join trend_headlines th on th.headline_id = h.id';

export type HeadlineFilter = {
  category?: string | undefined;
  language?: string | undefined;
  publisher?: string | undefined;
  trend?: string | undefined;
  /** Published at or after, and at or before. */
  from?: Date | undefined;
  to?: Date | undefined;
};

/** Nothing lies beyond the clock of the last run: a feed may date an item in the future. */
const matching = `h.published_at <= (select as_of from batches order by started_at desc, id limit 1)
  and ($1::text is null or h.category = $1) and ($2::text is null or h.language = $2)
  and ($3::text is null or h.publisher = $3) and ($4::uuid is null or th.trend_id = $4)
  and ($5::timestamptz is null or h.published_at >= $5) and ($6::timestamptz is null or h.published_at <= $6)`;

/** Headlines up to the clock of the last run, newest first. */
export async function listHeadlines(
  pool: Pool,
  filter: HeadlineFilter,
  { limit, offset }: Page,
): Promise<http.HeadlineList> {
  const { category, language, publisher, trend, from, to } = filter;
  const values = [category, language, publisher, trend, from, to].map((v) => v ?? null);
  return snapshot(pool, async (db) => {
    const count = await db.query<{ n: string }>(
      `select count(*) as n from ${source} where ${matching}`,
      values,
    );
    const { rows } = await db.query<HeadlineRow>(
      `select ${columns} from ${source} where ${matching}
        order by h.published_at desc, h.id limit $7 offset $8`,
      [...values, limit, offset],
    );
    return { total: Number(count.rows[0]!.n), limit, offset, items: rows.map(toHeadline) };
  });
}

/** The newest headlines of a trend, up to a clock where there is one. */
export async function headlinesOfTrend(
  db: Queryable,
  trendId: string,
  limit: number,
  until: Date | null,
): Promise<http.Headline[]> {
  const { rows } = await db.query<HeadlineRow>(
    `select ${columns} from trend_headlines th join headlines h on h.id = th.headline_id
      where th.trend_id = $1 and ($3::timestamptz is null or h.published_at <= $3)
      order by h.published_at desc, h.id limit $2`,
    [trendId, limit, until],
  );
  return rows.map(toHeadline);
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * Those headlines that there are, by id. What is no id at all is left out, too. Each search asks this: as a prepared
 * statement over plain ids it takes half the time.
 */
export async function headlinesById(
  db: Queryable,
  ids: readonly string[],
): Promise<Map<string, http.Headline>> {
  const { rows } = await db.query<HeadlineRow>({
    name: 'headlines-by-id',
    text: `select ${columns} from ${source} where h.id = any ($1::uuid[])`,
    values: [ids.filter((id) => UUID.test(id))],
  });
  return new Map(rows.map((row) => [row.id, toHeadline(row)]));
}

function toHeadline(row: HeadlineRow): http.Headline {
  const { id, title, url, summary, publisher, language, demo } = row;
  return {
    id,
    title,
    url,
    summary,
    publisher,
    language,
    published_at: row.publishedAt.toISOString(),
    category: toCategory(row),
    trend_id: row.trendId,
    demo,
  };
}
