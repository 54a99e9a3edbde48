import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, beforeEach, describe, test } from 'node:test';
import { freshDatabase, until } from '@afk/local/testing';
import {
  addSearchIndex,
  countHeadlines,
  countWords,
  deleteHeadlinesBefore,
  dropDemo,
  lockHeadlines,
  markIndexed,
  saveCategories,
  saveHeadlines,
  transaction,
  unindexed,
  type Queryable,
} from '../index.ts';
import { headline, headlineId, hours, store } from '../testing/rows.ts';

const verdict = (n: number) => ({ id: headlineId(n), category: 'sport', probability: 0.9 });

/**
 * Run, rebuild, classifier and retention write the same headlines at the same time. Each test has somebody who holds
 * the first headline and then takes the second, while what is tested writes both and was given the second one first:
 * two that hold what the other wants would be an error of PostgreSQL for one of them.
 */
describe('headlines are locked in order of id', async () => {
  const { pool: db, drop } = await freshDatabase();
  after(drop);
  beforeEach(async () => {
    await db.query(
      'truncate feeds, batches, trends, search_indexes, search_words, removed_headlines cascade',
    );
    // The second lies before the first in the table, too.
    await store(db, [headline(2)], { source: 'demo' });
    await store(db, [headline(1)], { source: 'demo' });
  });

  const someoneWaits = async (): Promise<boolean> => {
    const { rowCount } = await db.query(
      `select from pg_locks l join pg_stat_activity a using (pid)
        where not l.granted and a.datname = current_database()`,
    );
    return rowCount! > 0;
  };

  async function whileHeld(
    write: () => Promise<unknown>,
    take: (tx: Queryable, n: number) => Promise<unknown> = (tx, n) => lockHeadlines(tx, [headlineId(n)]),
  ): Promise<void> {
    let writing: Promise<unknown> | undefined;
    await transaction(db, async (tx) => {
      await take(tx, 1);
      writing = write();
      writing.catch(() => {});
      await until('the write to wait', someoneWaits);
      await take(tx, 2);
    });
    await writing;
  }

  test('by what is marked as indexed', async () => {
    const index = await addSearchIndex(db, { id: 'one', version: 'v' }, undefined);
    const page = await unindexed(db, index, { afterId: null, limit: 9 });
    await whileHeld(() => markIndexed(db, index, page.toReversed()));
    assert.deepEqual(await unindexed(db, index, { afterId: null, limit: 9 }), []);
  });

  test('by categories, also of two models in one transaction', async () => {
    await whileHeld(() => saveCategories(db, 'm', [verdict(2), verdict(1)]));
    await whileHeld(() =>
      transaction(db, async (tx) => {
        await lockHeadlines(tx, [headlineId(2), headlineId(1)]);
        await saveCategories(tx, 'one', [verdict(2)]);
        await saveCategories(tx, 'another', [verdict(1)]);
      }),
    );
    const { rows } = await db.query('select category_model as model from headlines order by id');
    assert.deepEqual(rows, [{ model: 'another' }, { model: 'one' }]);
  });

  test('by what is too old, and by the end of the demo', async () => {
    await whileHeld(() => deleteHeadlinesBefore(db, hours(1), 9));
    assert.equal(await countHeadlines(db), 0);
    await store(db, [headline(2)], { source: 'demo' });
    await store(db, [headline(1)], { source: 'demo' });
    await whileHeld(() => dropDemo(db));
    assert.equal(await countHeadlines(db), 0);
  });

  test('by what is stored: two feeds bring the same items', async () => {
    const { rows } = await db.query<{ id: string }>('select id from feeds');
    const context = { feedId: rows[0]!.id, batchId: randomUUID(), seenAt: hours(0), demo: false };
    await db.query('delete from headlines');
    await whileHeld(
      () => saveHeadlines(db, [headline(2), headline(1)], context),
      (tx, n) => saveHeadlines(tx, [headline(n)], context),
    );
    assert.equal(await countHeadlines(db), 2);
  });

  test('by the counting of words, which leaves out none that is being written', async () => {
    await whileHeld(() => countWords(db, () => [{ word: 'whale', surface: 'whale', stem: 'whale' }]));
    const { rows } = await db.query('select headlines from search_words');
    assert.deepEqual(rows, [{ headlines: 2 }]);
  });
});
