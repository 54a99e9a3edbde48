import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, beforeEach, describe, test } from 'node:test';
import { freshDatabase } from '@afk/local/testing';
import {
  countHeadlines,
  countOfBatch,
  dropDemo,
  saveCategories,
  saveHeadlines,
  unclassified,
  windowOf,
} from '../index.ts';
import { headline, headlineId, hours, store } from '../testing/rows.ts';

describe('the store of headlines', async () => {
  const { pool: db, drop } = await freshDatabase();
  after(drop);
  beforeEach(() => db.query('truncate feeds, batches, trends cascade'));
  const number = (rows: readonly { id: string }[]): number[] => rows.map((r) => Number(r.id.slice(-12)));
  const old = hours(-1000);

  test('an item is stored once: known again it changes nothing, not even its batch', async () => {
    const feedId = await store(db, [headline(1), headline(2)]);
    const batchId = randomUUID();
    const context = { feedId, batchId, seenAt: hours(1), demo: false };
    await saveHeadlines(db, [headline(2, { title: 'Changed' }), headline(3), headline(3)], context);
    assert.equal(await countHeadlines(db), 3);
    assert.equal(await countOfBatch(db, batchId), 1, 'only the third is new in this batch');
    const titles = (await windowOf(db, old, hours(0))).map((h) => h.title);
    assert.deepEqual(titles, ['Headline 3', 'Headline 2', 'Headline 1']);
    await saveHeadlines(db, [], context);
    assert.equal(await countHeadlines(db), 3);
  });

  test('whatever a title holds comes back as it was', async () => {
    const title = `« L’œuvre » \\ "quoted" 'and' $1 🌧️ {a,b}`;
    const publishedAt = new Date('2026-01-30T23:59:59.999Z');
    await store(db, [headline(1, { title, publishedAt })]);
    const [row] = await windowOf(db, hours(-24), hours(0));
    assert.deepEqual([row!.title, row!.publishedAt, row!.demo], [title, publishedAt, false]);
  });

  test('the window holds its end and not its beginning, oldest first, equal times by id', async () => {
    await store(db, [headline(3), headline(2, { publishedAt: hours(-1) }), headline(1), headline(0)]);
    assert.deepEqual(number(await windowOf(db, hours(-3), hours(-1))), [1, 2]);
    assert.deepEqual(number(await windowOf(db, hours(-3.001), hours(0))), [3, 1, 2, 0]);
  });

  test('unclassified: page by page in order of id, until there is none', async () => {
    await store(
      db,
      [5, 1, 4, 2, 3].map((n) => headline(n)),
    );
    const page = (afterId: string | null) => unclassified(db, 'm1', { afterId, limit: 2, since: old });
    assert.deepEqual(number(await page(null)), [1, 2]);
    assert.deepEqual(number(await page(headlineId(2))), [3, 4]);
    await saveCategories(db, 'm1', [{ id: headlineId(5), category: null, probability: 0.1 }]);
    assert.deepEqual(number(await page(headlineId(4))), [], 'unsure is classified, too');
  });

  test('a new model sees recent headlines again, and old ones only where no model has seen them', async () => {
    await store(db, [headline(1), headline(48), headline(49)]);
    const verdict = (n: number) => ({ id: headlineId(n), category: 'sport', probability: 0.9 });
    await saveCategories(db, 'm1', [verdict(1), verdict(48)]);
    const seen = (since: Date) => unclassified(db, 'm2', { afterId: null, limit: 9, since });
    assert.deepEqual(number(await seen(hours(-24))), [1, 49]);
    assert.deepEqual(number(await seen(hours(-48))), [1, 48, 49]);
  });

  test('the demo goes with its feeds, and nothing else does', async () => {
    await store(db, [headline(1)]);
    await store(db, [headline(2)], { source: 'demo', url: 'demo:abp' });
    const hasDemo = async () =>
      (await db.query<{ demo: boolean }>('select exists (select from headlines where demo) as demo')).rows[0]!
        .demo;
    assert.equal(await hasDemo(), true);
    await dropDemo(db);
    assert.equal(await hasDemo(), false);
    assert.deepEqual(number(await windowOf(db, old, hours(0))), [1]);
  });
});
