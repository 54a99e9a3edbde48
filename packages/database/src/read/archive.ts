import type { Queryable } from '../pool.ts';

/** A headline of any age, as the grouping of an archive reads it. */
export type ArchiveHeadline = {
  id: string;
  title: string;
  summary: string;
  language: string;
  publisher: string;
  publishedAt: Date;
};

/** The headlines published in (from, to], oldest first; of one language or category where these are given. */
export async function archiveOf(
  db: Queryable,
  from: Date,
  to: Date,
  { language, category }: { language?: string | undefined; category?: string | undefined } = {},
): Promise<ArchiveHeadline[]> {
  const { rows } = await db.query<ArchiveHeadline>(
    `select id, title, summary, language, publisher, published_at as "publishedAt" from headlines
      where published_at > $1 and published_at <= $2
        and ($3::text is null or language = $3) and ($4::text is null or category = $4)
      order by published_at, id`,
    [from, to, language ?? null, category ?? null],
  );
  return rows;
}

/** The newest headlines, newest first, as an encoder is fitted on them. */
export async function recentHeadlines(
  db: Queryable,
  limit: number,
): Promise<{ id: string; title: string; summary: string; language: string }[]> {
  const { rows } = await db.query<{ id: string; title: string; summary: string; language: string }>(
    'select id, title, summary, language from headlines order by published_at desc, id limit $1',
    [limit],
  );
  return rows;
}
