import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { freshDatabase } from '@afk/local/testing';
import {
  addSearchIndex,
  countUnindexed,
  keepSearchIndex,
  markIndexed,
  removedHeadlines,
  saveCategories,
  searchIndexes,
  unindexed,
  withLock,
} from '../index.ts';
import { headline, headlineId, hours, store } from '../testing/rows.ts';

describe('the search indexes', async () => {
  const { pool: db, drop } = await freshDatabase();
  after(drop);
  beforeEach(() => db.query('truncate feeds, batches, trends, search_indexes, removed_headlines cascade'));
  const number = (rows: readonly { id: string }[]): number[] => rows.map((r) => Number(r.id.slice(-12)));
  const add = (id: string, keep?: string) => addSearchIndex(db, { id, version: `version of ${id}` }, keep);
  const all = { afterId: null, limit: 9 };

  test('the one that answers keeps its slot; what was being made beside it gives way to the next', async () => {
    const one = await add('one');
    const two = await add('two', 'one');
    assert.notEqual(one.slot, two.slot);
    const three = await add('three', 'one');
    assert.deepEqual([three.slot, await searchIndexes(db)], [two.slot, [one, three]]);
    await keepSearchIndex(db, 'three');
    const four = await add('four', 'three');
    assert.deepEqual([four.slot, await searchIndexes(db)], [one.slot, [three, four]]);
    await add('five', 'of another database');
    assert.deepEqual(
      (await searchIndexes(db)).map((i) => i.id),
      ['five'],
    );
  });

  test('of several that add at once none is left in a slot of another', async () => {
    await add('one');
    await Promise.all(['two', 'three', 'four'].map((id) => add(id, 'one')));
    const left = await searchIndexes(db);
    assert.equal(left.length, 2);
    assert.equal(new Set(left.map((i) => i.slot)).size, 2);
  });

  test('unindexed until marked, for one index; a new category makes the copies old', async () => {
    const index = await add('one');
    const other = await add('two', 'one');
    await store(db, [headline(1), headline(2), headline(3)]);
    const page = await unindexed(db, index, { afterId: null, limit: 2 });
    assert.deepEqual(number(page), [1, 2]);
    assert.deepEqual(page[0], {
      id: headlineId(1),
      title: 'Headline 1',
      summary: '',
      language: 'en',
      publisher: 'The Lamp',
      category: null,
      publishedAt: hours(-1),
      demo: false,
    });
    assert.deepEqual(await markIndexed(db, index, page), []);
    assert.deepEqual(number(await unindexed(db, index, all)), [3]);
    assert.deepEqual(number(await unindexed(db, other, { afterId: headlineId(1), limit: 9 })), [2, 3]);
    await markIndexed(db, other, page);
    await saveCategories(db, 'm', [{ id: headlineId(1), category: 'sport', probability: 0.5 }]);
    assert.deepEqual(number(await unindexed(db, index, all)), [1, 3]);
    assert.deepEqual(number(await unindexed(db, other, all)), [1, 3]);
    assert.equal(await countUnindexed(db, other), 2);
    await keepSearchIndex(db, 'two');
    assert.deepEqual(
      number(await unindexed(db, await add('three', 'two'), all)),
      [1, 2, 3],
      'a slot is used anew',
    );
  });

  test('a category given, or a headline deleted, while its page was being indexed', async () => {
    const index = await add('one');
    await store(db, [headline(1), headline(2), headline(3)]);
    const page = await unindexed(db, index, all);
    await saveCategories(db, 'm', [{ id: headlineId(2), category: 'sport', probability: 0.9 }]);
    await db.query('delete from headlines where id = $1', [headlineId(3)]);
    assert.deepEqual(await markIndexed(db, index, page), [headlineId(3)]);
    const again = await unindexed(db, index, all);
    assert.deepEqual([number(again), again[0]!.category], [[2], 'sport']);
  });

  test('whoever deletes a headline, it is noted; one that came back is told', async () => {
    await store(db, [headline(1), headline(2)]);
    await store(db, [headline(3)], { source: 'demo', url: 'demo:abp' });
    await db.query('delete from headlines where id = $1', [headlineId(1)]);
    await db.query(`delete from feeds where source = 'demo'`);
    await store(db, [headline(1)]);
    assert.deepEqual(
      (await removedHeadlines(db, 9)).map(({ id, back }) => [Number(id.slice(-12)), back]),
      [
        [1, true],
        [3, false],
      ],
    );
    assert.equal((await removedHeadlines(db, 1)).length, 1);
  });

  test('a lock has one holder, and is free again after an error', async () => {
    const holding = withLock(db, 'a lock', async () => {
      assert.equal(await withLock(db, 'a lock', async () => 'second'), undefined);
      return withLock(db, 'another', async () => 'first');
    });
    assert.equal(await holding, 'first');
    await assert.rejects(
      withLock(db, 'a lock', () => Promise.reject(new Error('broken'))),
      /broken/,
    );
    assert.equal(await withLock(db, 'a lock', async () => 'free'), 'free');
  });
});
