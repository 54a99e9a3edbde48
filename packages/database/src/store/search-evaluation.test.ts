import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { dropDatabase, freshDatabase } from '@afk/local/testing';
import { runner } from 'node-pg-migrate';
import {
  beginEvaluation,
  createPool,
  migrate,
  passUnevaluated,
  saveCategories,
  takeUnevaluated,
  transaction,
  type Pool,
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
    assert.deepEqual(await transaction(db, (tx) => beginEvaluation(tx, id)), hours(0));
    assert.equal(await transaction(db, (tx) => beginEvaluation(tx, id)), undefined);
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
