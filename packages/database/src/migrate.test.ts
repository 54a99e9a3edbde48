import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { dropDatabase, freshDatabase } from '@afk/local/testing';
import { runner } from 'node-pg-migrate';
import { createPool, knownMigrations, MARK, migrate, migrateWithin, ownNames, type Pool } from './index.ts';

/** A database without any schema, beside that of a test. */
async function emptyDatabase(t: TestContext): Promise<{ url: string; pool: Pool }> {
  const beside = await freshDatabase();
  const name = `empty_${randomBytes(6).toString('hex')}`;
  await beside.pool.query(`create database ${name}`);
  const url = Object.assign(new URL(beside.url), { pathname: `/${name}` }).href;
  const pool = createPool(url);
  t.after(async () => {
    await pool.end();
    await dropDatabase(beside.pool, name);
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
  await pool.query('select from headlines, trends, stories, trend_events, batches, feeds, flow_log');
});

test('trends of an older release keep their bars, and get a status that there still is', async (t) => {
  const { url, pool } = await emptyDatabase(t);
  const dir = fileURLToPath(new URL('../migrations', import.meta.url));
  const table = { migrationsTable: 'schema_migrations', log: () => {} };
  await runner({ ...table, databaseUrl: url, dir, direction: 'up', count: 3 });
  const [batch, told, old] = ['a', 'b', 'c'].map((d) => `${d.repeat(8)}-0000-4000-8000-000000000000`);
  await pool.query(
    `insert into batches (id, trigger_id, correlation_id, as_of, bucket_minutes) values ($1, 't', 'c', now(), 60)`,
    [batch],
  );
  await pool.query(
    `insert into trends (id, label, central, keywords, languages, status, score, velocity, headlines, publishers,
                         sparkline, first_seen, last_seen, born_batch, updated_batch)
     select id, '', id, '{}', '{}', 'steady', 1, 0, 1, 1, '{}', now(), now(), batch, batch
       from unnest($1::uuid[], $2::uuid[]) as t (id, batch)`,
    [
      [told, old],
      [batch, told],
    ],
  );
  await pool.query('insert into trend_points (trend_id, at, count) select id, now(), 4 from trends');
  assert.ok((await migrate(url)).includes('0004_trend_scores'));
  const { rows } = await pool.query(
    `select t.id, status, acceleration, burst_since, minutes, count
       from trends t join trend_points p on p.trend_id = t.id order by t.id`,
  );
  const kept = { status: 'peaking', acceleration: 0, burst_since: null, count: 4 };
  // The batch of the second is not known any more: its bars get the width that bars have by default.
  assert.deepEqual(rows, [
    { id: told, ...kept, minutes: 60 },
    { id: old, ...kept, minutes: 180 },
  ]);
});

test('the way back from the search leaves an extension that others of the database may use', async (t) => {
  const { url, pool } = await emptyDatabase(t);
  await pool.query('create extension pg_trgm');
  await migrate(url);
  const dir = fileURLToPath(new URL('../migrations', import.meta.url));
  const count = (await applied(pool)).filter((name) => name >= '0006').length;
  const back = { databaseUrl: url, dir, migrationsTable: 'schema_migrations', log: () => {} };
  await runner({ ...back, direction: 'down', count });
  assert.equal((await pool.query(`select similarity('whale', 'whale') as s`)).rows[0].s, 1);
  assert.equal((await pool.query('select indexed_by from headlines')).rowCount, 0);
  assert.equal((await migrate(url)).length, count);
});

test('a database of a newer program is refused, by the names of both, and left as it is', async (t) => {
  const { url, pool } = await emptyDatabase(t);
  const known = await migrate(url);
  await pool.query(`insert into schema_migrations (name, run_on) values ('0999_of_tomorrow', now())`);
  await assert.rejects(migrate(url), (error: Error) => {
    assert.equal(error.name, 'NewerSchema');
    assert.ok(error.message.includes(`it knows up to ${known.at(-1)}, the database has 0999_of_tomorrow`));
    assert.match(error.message, /upgrade is forward-only.*install the newer program or restore a backup/);
    return true;
  });
  assert.deepEqual(await applied(pool), [...known, '0999_of_tomorrow']);
});

test('in a schema beside, within a transaction: up to a revision, then up to date, or not at all', async (t) => {
  const { pool } = await emptyDatabase(t);
  const known = await knownMigrations();
  const client = await pool.connect();
  try {
    const names = async (): Promise<string[]> =>
      (
        await client.query<{ name: string }>('select name from beside.schema_migrations order by id')
      ).rows.map((r) => r.name);
    await client.query('begin');
    await client.query('create schema beside');
    await migrateWithin(client, 'beside', known[3]);
    assert.deepEqual(await names(), known.slice(0, 4));
    await migrateWithin(client, 'beside');
    assert.deepEqual(await names(), known);
    await migrateWithin(client, 'beside');
    await assert.rejects(
      migrateWithin(client, 'beside', '0999_of_tomorrow'),
      /the database has 0999_of_tomorrow/,
    );
    await client.query('rollback');
    const { rowCount } = await client.query(`select from pg_namespace where nspname = 'beside'`);
    assert.equal(rowCount, 0);
  } finally {
    client.release();
  }
});

test('what AFK makes is known by name and marked as its own, also where an older program made it', async (t) => {
  const { url, pool } = await emptyDatabase(t);
  await migrate(url);
  await pool.query('comment on table headlines is null');
  await pool.query('create table theirs (id int)');
  await migrate(url);
  const marked = await pool.query<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and obj_description(oid, 'pg_class') = $1
     union all select proname from pg_proc where obj_description(oid, 'pg_proc') = $1`,
    [MARK],
  );
  const all = await pool.query<{ name: string }>(
    `select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r' and relname not in ('theirs', 'schema_migrations')
     union all select proname from pg_proc p where pronamespace = 'public'::regnamespace
        and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`,
  );
  const names = (rows: { name: string }[]): string[] => rows.map((r) => r.name).toSorted();
  assert.ok(all.rows.length > 15);
  assert.deepEqual(names(marked.rows), names(all.rows));
  const own = await ownNames();
  assert.deepEqual(
    names(all.rows).filter((name) => ![...own.tables, ...own.functions].includes(name)),
    [],
  );
});

test('a search_path that leads to a schema of one’s own: all of it is there, the migrations too', async (t) => {
  const { url, pool } = await emptyDatabase(t);
  const name = new URL(url).pathname.slice(1);
  await pool.query('create schema "My own"');
  await pool.query(`alter database ${name} set search_path = "My own", public`);
  const first = await migrate(url);
  assert.deepEqual(await migrate(url), []);
  const { rows } = await pool.query(
    `select name from "My own".schema_migrations join "My own".headlines on false`,
  );
  assert.deepEqual([first.length > 0, rows], [true, []]);
  await pool.query(`alter database ${name} set search_path = nowhere`);
  await assert.rejects(migrate(url), /no schema of the search_path of this database is there/);
});

test('a database that is away is an error', async () => {
  await assert.rejects(migrate('postgres://nobody@127.0.0.1:1/none'), /ECONNREFUSED/);
});
