import { derivedId, type AnyEvent } from '@afk/bus';
import { saveFeeds, saveHeadlines, saveTrends, type TrendRow } from '@afk/database';
import type { bench } from './bench.ts';

const HOUR = 3_600_000;
/** The clock of the runs in these tests. */
export const asOf = new Date('2026-01-31T10:00:00Z');
export const hoursAgo = (n: number): Date => new Date(asOf.getTime() - n * HOUR);
/** Id of the n-th headline. */
export const id = (n: number): string => derivedId('headline', n);

type Bench = Awaited<ReturnType<typeof bench>>;

/** Stores headlines with these titles; the n-th has id and key of n. */
export async function store(
  { db }: Bench,
  titles: readonly string[],
  { demo = false }: { demo?: boolean } = {},
): Promise<void> {
  await saveFeeds(db, [{ url: 'https://a.example/', title: 'A', language: 'en' }], {
    source: 'opml',
    at: asOf,
  });
  const feedId = (await db.query<{ id: string }>('select id from feeds')).rows[0]!.id;
  const rows = titles.map((title, n) => {
    const common = { url: `https://a.example/${n}`, summary: '', publisher: 'A', language: 'en' };
    return { ...common, id: id(n), key: `k${n}`, title, publishedAt: hoursAgo(1) };
  });
  await saveHeadlines(db, rows, { feedId, batchId: id(0), seenAt: asOf, demo });
}

/** A run of the extractor. @returns what the service answers */
export async function extracted(b: Bench): Promise<AnyEvent> {
  const counts = { count: 1, items: 1, feeds: 1, feeds_failed: 0, feeds_not_modified: 0 };
  const fields = { ...counts, batch_id: await b.batch(asOf), as_of: asOf.toISOString() };
  return b.answerTo('extractor', 'xml_processing_complete', fields);
}

/** Trends of these headlines, by their numbers. @returns what the service answers */
export async function built(b: Bench, ...members: number[][]): Promise<AnyEvent> {
  const batch_id = await b.batch(asOf);
  await saveTrends(b.db, batch_id, members.map(trend), []);
  return b.answerTo('topic-builder', 'trends_built', {
    batch_id,
    count: members.length,
    born: members.length,
  });
}

const trend = (members: number[], n: number): TrendRow => ({
  ...{ id: id(1000 + n), label: `t${n}`, central: id(members[0]!), keywords: [], languages: ['en'] },
  ...{ status: 'peaking', score: 1, velocity: 0, acceleration: 0, z: 0, burst: { weight: 0, since: null } },
  ...{ headlines: members.length, publishers: 1, sparkline: [] },
  ...{ firstSeen: hoursAgo(2), lastSeen: hoursAgo(1), demo: false, members: members.map(id), points: [] },
});

/** Category and model of each headline in order of their numbers, or of each trend. */
export async function verdicts(
  { db }: Bench,
  of: 'headlines' | 'trends' = 'headlines',
): Promise<[string | null, string | null][]> {
  const order = of === 'headlines' ? 'length(key), key' : 'label';
  const { rows } = await db.query<{ category: string | null; model: string | null }>(
    `select category, category_model as model from ${of} order by ${order}`,
  );
  return rows.map((r) => [r.category, r.model]);
}

export async function categories(b: Bench, of?: 'headlines' | 'trends'): Promise<(string | null)[]> {
  return (await verdicts(b, of)).map(([category]) => category);
}
