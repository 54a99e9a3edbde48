import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { dropDatabase, freshDatabase } from '@afk/local/testing';
import { runner } from 'node-pg-migrate';
import {
  beginEvaluation,
  createPool,
  endEvaluation,
  migrate,
  noteBatch,
  passUnevaluated,
  saveCategories,
  takeUnevaluated,
  transaction,
  type Pool,
  type Queryable,
} from '../index.ts';
import { batch, headline, headlineId, hours, store } from '../testing/rows.ts';

const waiting = async (db: Pool): Promise<number> =>
  (await db.query('select from unevaluated_headlines')).rowCount!;
const classify = (db: Pool, ...numbers: number[]): Promise<void> =>
  saveCategories(
    db,
    'test',
    numbers.map((n) => ({ id: headlineId(n), category: null, probability: 0 })),
  );

describe('headlines that no saved search has been put to', async () => {
  const { pool: db, drop } = await freshDatabase();
  after(drop);
  beforeEach(() => db.query('truncate feeds, batches cascade'));

  test('each is taken once, in as many goes as it takes; what is not ready is left', async () => {
    await store(db, [1, 2, 3, 4].map((n) => headline(n)).concat(headline(5, { publishedAt: hours(1) })));
    await classify(db, 1, 2, 3, 5);
    const take = async (limit: number): Promise<number> =>
      (await takeUnevaluated(db, hours(0), limit)).length;
    assert.deepEqual([await take(2), await take(2), await take(2)], [2, 1, 0]);
    assert.equal(await waiting(db), 2);
    await classify(db, 4);
    await passUnevaluated(db, hours(1));
    assert.equal(await waiting(db), 0);
  });

  test('a transaction that fails has taken nothing, and claimed nothing', async () => {
    await store(db, [headline(1)]);
    await classify(db, 1);
    const id = await batch(db);
    const failing = transaction(db, async (tx) => {
      assert.deepEqual(await beginEvaluation(tx, id), hours(0));
      assert.equal((await takeUnevaluated(tx, hours(0), 10)).length, 1);
      throw new Error('on its way');
    });
    await assert.rejects(failing, /on its way/);
    assert.equal(await waiting(db), 1);
    const evaluate = async (tx: Queryable): Promise<Date | undefined> => {
      const asOf = await beginEvaluation(tx, id);
      if (asOf) await endEvaluation(tx, id);
      return asOf;
    };
    assert.deepEqual(await transaction(db, evaluate), hours(0));
    assert.equal(await transaction(db, evaluate), undefined);
  });

  test('of several at the same batch one evaluates it; one that did not ask first is stopped at the end', async () => {
    const id = await batch(db);
    const evaluate = () =>
      transaction(db, async (tx) => {
        const asOf = await beginEvaluation(tx, id);
        if (asOf) await endEvaluation(tx, id);
        return asOf !== undefined;
      });
    const claimed = await Promise.all([evaluate(), evaluate(), evaluate()]);
    assert.deepEqual(claimed.toSorted(), [false, false, true]);
    await assert.rejects(endEvaluation(db, id), new RegExp(`batch ${id} is gone, or .* evaluated before`));
  });

  test('while a batch is evaluated, others note in it how far it is', async () => {
    const id = await batch(db);
    await transaction(db, async (tx) => {
      await beginEvaluation(tx, id);
      await transaction(db, async (other) => {
        await other.query(`set local lock_timeout = '3s'`);
        await noteBatch(other, { id, indexed: 7 });
      });
      await endEvaluation(tx, id);
    });
    const { rows } = await db.query(
      'select indexed, searches_evaluated_at is not null as done from batches where id = $1',
      [id],
    );
    assert.deepEqual(rows, [{ indexed: 7, done: true }]);
  });

  test('what is being deleted is not waited for', async () => {
    await store(db, [headline(2)]);
    await store(db, [headline(1)]);
    await classify(db, 1, 2);
    await transaction(db, async (deleting) => {
      await deleting.query('delete from headlines where id = $1', [headlineId(1)]);
      await transaction(db, async (tx) => {
        await tx.query(`set local lock_timeout = '3s'`);
        const taken = await takeUnevaluated(tx, hours(0), 10);
        assert.deepEqual(
          taken.map((h) => h.id),
          [headlineId(2)],
        );
        await passUnevaluated(tx, hours(0));
      });
    });
    assert.equal(await waiting(db), 0);
  });
});

test('what was stored before there were saved searches counts as evaluated; and the way back works', async (t) => {
  const beside = await freshDatabase();
  const name = `older_${randomBytes(6).toString('hex')}`;
  await beside.pool.query(`create database ${name}`);
  const url = Object.assign(new URL(beside.url), { pathname: `/${name}` }).href;
  const db = createPool(url);
  t.after(async () => {
    await db.end();
    await dropDatabase(beside.pool, name);
    await beside.drop();
  });
  const dir = fileURLToPath(new URL('../../migrations', import.meta.url));
  const table = { databaseUrl: url, dir, migrationsTable: 'schema_migrations', log: () => {} };
  await runner({ ...table, direction: 'up', count: 6 });
  await store(db, [headline(1), headline(2)]);
  await migrate(url);
  await store(db, [headline(2), headline(3)]);
  const { rows } = await db.query('select headline_id as id from unevaluated_headlines');
  assert.deepEqual(rows, [{ id: headlineId(3) }]);
  const later = (await db.query(`select name from schema_migrations where name >= '0007'`)).rowCount!;
  await runner({ ...table, direction: 'down', count: later });
  await store(db, [headline(4)]);
  assert.equal((await db.query('select from headlines')).rowCount, 4);
});
