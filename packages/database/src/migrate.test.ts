import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { freshDatabase } from '@afk/local/testing';
import { createPool, migrate, type Pool } from './index.ts';

/** A database without any schema, beside that of a test. */
async function emptyDatabase(t: TestContext): Promise<{ url: string; pool: Pool }> {
  const beside = await freshDatabase();
  const name = `empty_${randomBytes(6).toString('hex')}`;
  await beside.pool.query(`create database ${name}`);
  const url = Object.assign(new URL(beside.url), { pathname: `/${name}` }).href;
  const pool = createPool(url);
  t.after(async () => {
    await pool.end();
    await beside.pool.query(`drop database ${name} with (force)`);
    await beside.drop();
  });
  return { url, pool };
}

const applied = async (pool: Pool): Promise<string[]> => {
  const { rows } = await pool.query<{ name: string }>('select name from schema_migrations order by id');
  return rows.map((r) => r.name);
};

test('a second run changes nothing', async (t) => {
  const { url, pool } = await emptyDatabase(t);
  const first = await migrate(url);
  assert.equal(first[0], '0001_radar');
  assert.deepEqual(await migrate(url), []);
  assert.deepEqual(await applied(pool), first);
});

test('several at once take turns: each migration is applied once', async (t) => {
  const { url, pool } = await emptyDatabase(t);
  const runs = await Promise.all([migrate(url), migrate(url), migrate(url)]);
  assert.deepEqual(runs.flat().toSorted(), await applied(pool));
  await pool.query('select from headlines, trends, topics, batches, feeds, flow_log');
});

test('a database that is away is an error', async () => {
  await assert.rejects(migrate('postgres://nobody@127.0.0.1:1/none'), /ECONNREFUSED/);
});
