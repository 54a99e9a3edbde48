import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { train } from '@afk/classifier';
import { derivedId } from '@afk/bus';
import { saveCategories, saveFeeds, saveHeadlines, saveTrends, type TrendRow } from '@afk/database';
import { bench } from './testing/bench.ts';

const HOUR = 3_600_000;
const asOf = new Date('2026-01-31T10:00:00Z');
const hoursAgo = (n: number): Date => new Date(asOf.getTime() - n * HOUR);
const id = (n: number): string => derivedId('headline', n);

const words = {
  sport: ['goal', 'cup', 'match', 'striker'],
  weather: ['rain', 'storm', 'sunny', 'frost'],
};
const model = train(
  Object.entries(words).flatMap(([label, some]) =>
    some.flatMap((a) => some.map((b) => ({ text: `${a} ${b}`, label, language: 'en' }))),
  ),
);

describe('the classifier bridge', async () => {
  const b = await bench({ name: 'linear-test', model, threshold: 0.8 });
  after(() => b.close());
  beforeEach(() => b.db.query('truncate feeds, batches, trends cascade'));

  async function store(titles: readonly string[], publishedAt = hoursAgo(1)): Promise<void> {
    const at = asOf;
    await saveFeeds(b.db, [{ url: 'https://a.example/', title: 'A', language: 'en' }], {
      source: 'opml',
      at,
    });
    const feedId = (await b.db.query<{ id: string }>('select id from feeds')).rows[0]!.id;
    const rows = titles.map((title, n) => {
      const common = { url: `https://a.example/${n}`, summary: '', publisher: 'A', language: 'en' };
      return { ...common, id: id(n), key: `k${n}`, title, publishedAt };
    });
    await saveHeadlines(b.db, rows, { feedId, batchId: id(0), seenAt: asOf, demo: false });
  }
  const extracted = async () => {
    const counts = { count: 1, items: 1, feeds: 1, feeds_failed: 0, feeds_not_modified: 0 };
    const batch_id = await b.batch(asOf);
    const fields = { ...counts, batch_id, as_of: asOf.toISOString() };
    return b.answerTo('extractor', 'xml_processing_complete', fields);
  };
  const categories = async (of = 'headlines'): Promise<(string | null)[]> => {
    const order = of === 'headlines' ? 'key' : 'label';
    const { rows } = await b.db.query(`select category from ${of} order by ${order}`);
    return rows.map((r) => r.category as string | null);
  };

  test('every headline gets a category, or none where the model is unsure', async () => {
    await store(['Goal in the cup match', 'Storm and rain', 'A poem about nothing']);
    const answer = await extracted();
    assert.deepEqual(
      [answer.event, answer['count'], answer['model'], answer['status']],
      ['headlines_classified', 3, 'linear-test', 'ok'],
    );
    assert.deepEqual(await categories(), ['sport', 'weather', null]);
    const { rows } = await b.db.query('select category_probability as p from headlines order by key');
    assert.ok(rows[0].p > 0.8 && rows[2].p < 0.8 && rows[2].p > 0);
  });

  test('page by page: more than a page is classified to the last one', async () => {
    await store(Array.from({ length: 4321 }, (_, n) => (n % 2 ? `Rain ${n}` : `Cup ${n}`)));
    assert.equal((await extracted())['count'], 4321);
    const { rows } = await b.db.query(
      'select category, count(*)::int as n from headlines group by category order by category',
    );
    assert.deepEqual(rows, [
      { category: 'sport', n: 2161 },
      { category: 'weather', n: 2160 },
    ]);
  });

  test('delivered again, there is nothing left to do, and the run goes on', async () => {
    await store(['Goal in the cup match', 'A poem about nothing']);
    await extracted();
    await b.db.query(`update headlines set indexed_by = 'x'`);
    const again = await extracted();
    assert.deepEqual([again.event, again['count']], ['headlines_classified', 0]);
    const { rows } = await b.db.query('select count(*)::int as n from headlines where indexed_by is null');
    assert.equal(rows[0].n, 0, 'nothing has to be indexed anew');
  });

  test('a new model classifies the recent ones again, and leaves the past alone', async () => {
    const verdicts = [0, 1, 2].map((n) => ({ id: id(n), category: 'politics', probability: 1 }));
    await store(['Rain', 'Frost', 'Storm']);
    await saveCategories(b.db, 'linear-of-old', verdicts);
    await b.db.query('update headlines set published_at = $1 where key = $2', [hoursAgo(7 * 24 + 1), 'k1']);
    assert.equal((await extracted())['count'], 2);
    assert.deepEqual(await categories(), ['weather', 'politics', 'weather']);
  });

  const trend = (label: string, n: number, members: number[]): TrendRow => ({
    ...{ id: id(1000 + n), label, central: id(members[0]!), keywords: [], languages: ['en'] },
    ...{ status: 'steady', score: 1, velocity: 0, headlines: members.length, publishers: 1, sparkline: [] },
    ...{ firstSeen: hoursAgo(2), lastSeen: hoursAgo(1), demo: false, members: members.map(id), points: [] },
  });

  test('a trend gets the category that its headlines vote for, or none where they do not agree', async () => {
    await store([
      'Cup match',
      'Goal',
      'Striker: rain',
      'Storm',
      'Frost',
      'Sunny',
      'Cup final',
      'Rain at last',
    ]);
    const batch_id = await b.batch(asOf);
    const trends = [trend('a cup', 1, [0, 1, 2]), trend('b storm', 2, [3, 4, 5]), trend('c both', 3, [6, 7])];
    await saveTrends(b.db, batch_id, trends, []);
    const answer = await b.answerTo('topic-builder', 'trends_built', { batch_id, count: 3, born: 3 });
    assert.deepEqual(
      [answer.event, answer['count'], answer['model'], answer.batch_id],
      ['trends_classified', 3, 'linear-test', batch_id],
    );
    assert.deepEqual(await categories('trends'), ['sport', 'weather', null]);
    const again = await b.answerTo('topic-builder', 'trends_built', { batch_id, count: 3, born: 3 });
    assert.equal(again['count'], 3);
    assert.deepEqual(await categories('trends'), ['sport', 'weather', null]);
  });

  test('a run without headlines or trends is classified, too: the line goes on', async () => {
    assert.equal((await extracted())['count'], 0);
    const batch_id = await b.batch(asOf);
    const answer = await b.answerTo('topic-builder', 'trends_built', { batch_id, count: 0, born: 0 });
    assert.deepEqual([answer.event, answer['count']], ['trends_classified', 0]);
  });
});
