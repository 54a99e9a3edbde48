import { randomUUID } from 'node:crypto';
import { saveCategories, saveFeeds, saveHeadlines, type Pool } from '@afk/database';
import { uuidOf, type News } from './news.ts';

const PAGE = 2000;

/** Puts the headlines into the database as the steps before the index would have: classified, and part of trends. */
export async function store(db: Pool, news: readonly News[]): Promise<void> {
  const at = new Date();
  await saveFeeds(db, [{ url: 'https://news.example/', title: 'News', language: null }], {
    source: 'opml',
    at,
  });
  const { rows } = await db.query<{ id: string }>('select id from feeds');
  const context = { feedId: rows[0]!.id, batchId: randomUUID(), seenAt: at, demo: false };
  for (let from = 0; from < news.length; from += PAGE) {
    const page = news.slice(from, from + PAGE);
    const rowsOf = page.map(({ category: _category, story: _story, ...one }) => ({
      ...one,
      key: one.url,
      summary: '',
    }));
    await saveHeadlines(db, rowsOf, context);
    const verdicts = page.map(({ id, category }) => ({ id, category, probability: 1 }));
    await saveCategories(db, 'bench', verdicts);
  }
  await storeTrends(db, news);
  // As autovacuum would by the time that somebody searches.
  await db.query('vacuum analyze');
}

async function storeTrends(db: Pool, news: readonly News[]): Promise<void> {
  const members = news.filter(({ story }) => story !== undefined);
  const trends = [...Map.groupBy(members, ({ story }) => story!)].map(([story, of]) => ({
    id: uuidOf(`trend ${story}`),
    label: of[0]!.title,
    central: of[0]!.id,
    headlines: of.length,
    publishers: new Set(of.map(({ publisher }) => publisher)).size,
  }));
  await db.query(
    `insert into trends (id, label, central, keywords, languages, status, score, velocity, headlines, publishers,
                         sparkline, first_seen, last_seen, born_batch, updated_batch)
     select id, label, central, '{}', '{}', 'peaking', 0, 0, headlines, publishers, '{}', now(), now(), $2, $2
       from jsonb_to_recordset($1::jsonb) as t (id uuid, label text, central uuid, headlines int, publishers int)`,
    [JSON.stringify(trends), randomUUID()],
  );
  await db.query(
    `insert into trend_headlines (headline_id, trend_id)
     select headline, trend from jsonb_to_recordset($1::jsonb) as m (headline uuid, trend uuid)`,
    [JSON.stringify(members.map(({ id, story }) => ({ headline: id, trend: uuidOf(`trend ${story!}`) })))],
  );
}
