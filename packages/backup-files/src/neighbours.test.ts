import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { createPool, MARK, migrate } from '@afk/database';
import { testEnv } from '@afk/local/testing';
import { bench, contents, fillDatabase } from './testing/bench.ts';
import { restoreBackup, takeBackup, type Backup } from './index.ts';
import { loadPostgres } from './postgres/load.ts';

describe('a database that AFK shares, or that is set otherwise', async () => {
  const b = await bench();
  after(() => b.close());
  await fillDatabase(b.database);
  const own = await contents(b.database);
  const { pool, url } = b.database;
  const database = new URL(url).pathname.slice(1);
  let hour = 0;
  const take = (changes: Partial<Parameters<typeof takeBackup>[0]> = {}): Promise<Backup> =>
    b.take({ at: new Date(Date.UTC(2026, 10, 21, ++hour)), ...changes });
  const restore = (backup: Backup, databaseUrl = url): Promise<void> =>
    restoreBackup({
      backup,
      databaseUrl,
      qdrant: b.qdrant,
      env: '',
      restoreRedis: async () => {},
      signal: AbortSignal.timeout(60_000),
    });

  test('what others keep in the schema is not copied, and stays what it is', async () => {
    await pool.query(`create table "its' (notes)" (id serial primary key, note text)`);
    await pool.query(`insert into "its' (notes)" (note) values ('mine')`);
    try {
      const backup = await take();
      const { tables } = backup.manifest.postgres;
      assert.deepEqual(tables.map((t) => t.name).toSorted(), Object.keys(own).toSorted());
      await pool.query(`insert into "its' (notes)" (note) values ('since')`);
      await restore(backup);
      const { "its' (notes)": theirs, ...ours } = await contents(b.database);
      assert.deepEqual(ours, own);
      assert.deepEqual(theirs, ['(1,mine)', '(2,since)']);
    } finally {
      await pool.query(`drop table "its' (notes)"`);
    }
  });

  test('a schema of the name that a restore works in is somebody else’s, and is not dropped', async () => {
    const backup = await take();
    await pool.query('create schema afk_restore');
    await pool.query('create table afk_restore.theirs (id int)');
    await assert.rejects(restore(backup), /schema "afk_restore" already exists/);
    await pool.query('select from afk_restore.theirs');
    await pool.query('drop schema afk_restore cascade');
  });

  test('over the schema of a newer release: what that made is gone, and can be made again', async () => {
    const backup = await take();
    await pool.query(
      `create table of_tomorrow (id int primary key, headline uuid references headlines (id))`,
    );
    await pool.query(`create function tomorrow() returns int language sql as 'select 1'`);
    await pool.query(`create table theirs (id int)`);
    // As the newer program leaves them.
    await pool.query(`comment on table of_tomorrow is '${MARK}'`);
    await pool.query(`comment on function tomorrow() is '${MARK}'`);
    await pool.query(`insert into schema_migrations (name, run_on) values ('0999_of_tomorrow', now())`);
    await restore(backup);
    await pool.query('create table of_tomorrow (id int)');
    await pool.query(`create function tomorrow() returns int language sql as 'select 1'`);
    await pool.query('drop table of_tomorrow, theirs');
    await pool.query('drop function tomorrow()');
    assert.deepEqual(await contents(b.database), own);
    assert.deepEqual(await migrate(url), []);
  });

  test('by an older program, in the midst of an upgrade: no backup, for it would lack what is new', async () => {
    await pool.query(`insert into schema_migrations (name, run_on) values ('0999_of_tomorrow', now())`);
    await assert.rejects(take(), /PostgreSQL: .*this program is older than its database.*0999_of_tomorrow/);
    await pool.query(`delete from schema_migrations where name = '0999_of_tomorrow'`);
  });

  test('dates and floats are the same where another style of them is set', async () => {
    await pool.query(`alter database ${database} set datestyle = 'SQL, DMY'`);
    await pool.query(`alter database ${database} set extra_float_digits = -5`);
    const backup = await take();
    await pool.query(`alter database ${database} reset all`);
    await restore(backup);
    assert.deepEqual(await contents(b.database), own);
  });

  test('limits that a database sets do not end a restore while Qdrant takes its part in', async () => {
    const backup = await take();
    await pool.query('delete from flow_log');
    await pool.query(`alter database ${database} set idle_in_transaction_session_timeout = '50ms'`);
    try {
      const slow = () => new Promise<void>((done) => setTimeout(done, 300));
      await loadPostgres(url, backup, AbortSignal.timeout(60_000), slow);
    } finally {
      await pool.query(`alter database ${database} reset all`);
    }
    assert.deepEqual(await contents(b.database), own);
  });

  test('a search_path that leads elsewhere: restored there, empty or not, and brought up to date later', async () => {
    const backup = await take();
    const name = testEnv();
    await pool.query(`create database ${name}`);
    const elsewhere = Object.assign(new URL(url), { pathname: `/${name}` }).href;
    const theirs = createPool(elsewhere, { size: 1 });
    try {
      await theirs.query(`create schema mine`);
      await theirs.query(`alter database ${name} set search_path = mine, public`);
      await restore(backup, elsewhere);
      assert.deepEqual(await migrate(elsewhere), []);
      const again = await take({ databaseUrl: elsewhere });
      await restore(again, elsewhere);
      assert.deepEqual(await migrate(elsewhere), []);
      const { rows } = await theirs.query<{ n: number }>('select count(*)::int as n from mine.headlines');
      assert.equal(rows[0]!.n, own['headlines']!.length);
    } finally {
      await theirs.end();
      await pool.query(`drop database ${name} with (force)`);
    }
  });
});
