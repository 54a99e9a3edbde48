import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { appliedMigrations, createPool, knownMigrations, migrate, migrateWithin } from '@afk/database';
import { freePort, testEnv } from '@afk/local/testing';
import { bench, contents, fillDatabase, fillRedis } from './testing/bench.ts';
import { bytesOf, listBackups, redisBytesOf, restoreBackup, rowsOf, verifyBackup } from './index.ts';

describe('a backup', async () => {
  const b = await bench();
  after(() => b.close());
  await fillDatabase(b.database);
  await fillRedis(b.redis);
  const restore = (backup: Awaited<ReturnType<typeof b.take>>, restoreRedis = async () => {}) =>
    restoreBackup({
      backup,
      databaseUrl: b.database.url,
      qdrant: b.qdrant,
      env: '',
      restoreRedis,
      signal: AbortSignal.timeout(60_000),
    });

  test('is a folder named after its beginning, whole, that says what is in it', async () => {
    const backup = await b.take({ eventId: 'event-1' });
    assert.equal(backup.name, '2026-11-21T15-04-05Z');
    const { manifest } = backup;
    assert.equal(manifest.event_id, 'event-1');
    assert.equal(manifest.postgres.migrations.at(-1), manifest.postgres.migrations.toSorted().at(-1));
    const rows = Object.fromEntries(manifest.postgres.tables.map((t) => [t.name, t.rows]));
    assert.equal(rows['headlines'], 500);
    assert.equal(rows['unevaluated_headlines'], 100);
    assert.equal(rows['schema_migrations'], undefined);
    assert.equal(rowsOf(manifest), Object.values(await contents(b.database)).flat().length);
    assert.ok(redisBytesOf(manifest)! > 0);
    assert.equal((await readFile(join(backup.path, 'redis/base.rdb'))).subarray(0, 5).toString(), 'REDIS');
    let bytes = 0;
    for (const { path } of manifest.files) bytes += (await stat(join(backup.path, path))).size;
    assert.equal(bytesOf(manifest), bytes);
    assert.deepEqual(await verifyBackup(backup), { files: manifest.files.length });
    assert.deepEqual(await readdir(b.backups), ['2026-11-21T15-04-05Z'], 'nothing half is left');
  });

  test('two in one second differ by a suffix, and the newer is listed first', async () => {
    const second = await b.take();
    assert.equal(second.name, '2026-11-21T15-04-05Z-2');
    const { backups, unreadable } = await listBackups(b.backups);
    assert.deepEqual(
      backups.map((x) => x.name),
      ['2026-11-21T15-04-05Z-2', '2026-11-21T15-04-05Z'],
    );
    assert.deepEqual(unreadable, []);
  });

  test('what others can read of it is Redis’ part, which Redis reads as another user', async () => {
    const { path } = (await listBackups(b.backups)).backups[0]!;
    const mode = async (name: string): Promise<number> => (await stat(join(path, name))).mode & 0o777;
    assert.equal(await mode('postgres'), 0o700);
    assert.equal((await mode('redis')) & 0o005, 0o005);
    assert.equal((await mode('redis/base.rdb')) & 0o004, 0o004);
  });

  test('restored, every row is what it was; what came since is gone; new rows get numbers of their own', async () => {
    const before = await contents(b.database);
    const backup = await b.take({ at: new Date('2026-11-21T16:00:00Z') });
    const { pool } = b.database;
    await pool.query(`delete from headlines where key like 'k1%'`);
    await pool.query(`update trends set label = 'changed'`);
    await pool.query(
      `insert into feeds (url, source, created_at) values ('https://later.example', 'opml', now())`,
    );
    await pool.query('create table somebody_elses (id integer)');
    await restore(backup);
    const { somebody_elses: others, ...restored } = await contents(b.database);
    assert.deepEqual(restored, before);
    assert.deepEqual(others, [], 'what is none of AFK’s is left alone');
    await pool.query('drop table somebody_elses');
    const { rows } = await pool.query<{ id: string }>(
      `insert into feeds (url, source, created_at) values ('https://new.example', 'opml', now()) returning id`,
    );
    assert.equal(rows[0]!.id, '6', 'the next after the five that there were');
    // Triggers and foreign keys work as ever.
    await pool.query('delete from feeds where id = 1');
    assert.equal((await pool.query('select from removed_headlines')).rowCount, 100);
    await restore(backup);
    assert.deepEqual(await contents(b.database), before, 'and again');
  });

  test('restored into a database that has nothing at all', async () => {
    const before = await contents(b.database);
    const backup = await b.take({ at: new Date('2026-11-21T17:00:00Z') });
    await b.database.pool.query('drop schema public cascade');
    await b.database.pool.query('create schema public');
    await restore(backup);
    assert.deepEqual(await contents(b.database), before);
    const { rows } = await b.database.pool.query<{ s: number }>(`select similarity('whale', 'whale') as s`);
    assert.equal(rows[0]!.s, 1, 'extensions are back in their place');
    const { rows: schemas } = await b.database.pool.query(
      `select from pg_namespace where nspname = 'afk_restore'`,
    );
    assert.deepEqual(schemas, []);
  });

  test('restored by an owner who is no superuser, into an empty database of his', async () => {
    const backup = (await listBackups(b.backups)).backups[0]!;
    const [role, name] = [testEnv(), testEnv()];
    const { pool, url } = b.database;
    await pool.query(`create role ${role} login password 'secret'`);
    await pool.query(`create database ${name} owner ${role}`);
    const theirs = Object.assign(new URL(url), {
      username: role,
      password: 'secret',
      pathname: `/${name}`,
    }).href;
    try {
      const signal = AbortSignal.timeout(60_000);
      const options = { backup, qdrant: b.qdrant, env: '', restoreRedis: async () => {}, signal };
      await restoreBackup({ ...options, databaseUrl: theirs });
      // Over itself as well.
      await restoreBackup({ ...options, databaseUrl: theirs });
      const restored = createPool(theirs, { size: 1 });
      const { rowCount } = await restored.query('select from headlines');
      await restored.end();
      assert.equal(rowCount, backup.manifest.postgres.tables.find((t) => t.name === 'headlines')!.rows);
    } finally {
      await pool.query(`drop database ${name} with (force)`);
      await pool.query(`drop role ${role}`);
    }
  });

  test('a backup of an older release is brought up to date as it is restored', async () => {
    const known = await knownMigrations();
    const { pool, url } = b.database;
    const name = testEnv();
    await pool.query(`create database ${name}`);
    const databaseUrl = Object.assign(new URL(url), { pathname: `/${name}` }).href;
    const old = createPool(databaseUrl, { size: 1 });
    const client = await old.connect();
    await client.query('begin');
    await migrateWithin(client, 'public', known[4]);
    await client.query(`insert into feeds (url, source, created_at) values ('https://x', 'opml', now())`);
    await client.query('commit');
    client.release();
    await old.end();
    try {
      const backup = await b.take({ databaseUrl, at: new Date('2026-11-21T18:00:00Z') });
      assert.equal(backup.manifest.postgres.migrations.at(-1), known[4]);
      const before = await contents(b.database);
      await restore(backup);
      assert.deepEqual(await appliedMigrations(pool), known);
      const after = await contents(b.database);
      assert.deepEqual(Object.keys(after), Object.keys(before), 'the tables of today');
      assert.deepEqual([after['feeds']!.length, after['headlines']!.length], [1, 0]);
      await migrate(url);
    } finally {
      await pool.query(`drop database ${name} with (force)`);
    }
  });

  test('services that are connected are named, and nothing is touched', async () => {
    const backup = (await listBackups(b.backups)).backups[0]!;
    await b.database.pool.query('delete from flow_log');
    const client = await b.database.pool.connect();
    await client.query(`set application_name = 'afk:extractor'`);
    try {
      await assert.rejects(restore(backup), /connected to PostgreSQL: extractor\. Stop them first/);
      assert.equal((await contents(b.database))['flow_log']!.length, 0);
    } finally {
      await client.query('reset application_name');
      client.release();
    }
  });
});

describe('without the files of Redis', async () => {
  const b = await bench();
  after(() => b.close());
  for (const [why, dataDir, reason] of [
    ['no folder is named', undefined, /REDIS_DATA_DIR is not set/],
    ['the folder is not there', '/nowhere', /ENOENT.*\/nowhere/],
  ] as const) {
    test(`a backup is taken all the same where ${why}, and says so`, async () => {
      const { manifest } = await b.take({ redis: { url: b.redisUrl, dataDir } });
      assert.match((manifest.redis as { left_out: string }).left_out, reason);
      assert.equal(redisBytesOf(manifest), undefined);
      assert.match(b.log.join('\n'), /warn the backup is without Redis/);
    });
  }

  test('the folder of another Redis is not taken for it', async () => {
    const other = await bench();
    try {
      const { manifest } = await b.take({ redis: { url: b.redisUrl, dataDir: other.redisDir } });
      assert.match((manifest.redis as { left_out: string }).left_out, /is not the folder of this Redis/);
    } finally {
      await other.close();
    }
  });
});

describe('a store that is away', async () => {
  const b = await bench();
  after(() => b.close());
  test('is named, and nothing half is left', async () => {
    const nowhere = { url: `http://127.0.0.1:${await freePort()}` };
    await assert.rejects(b.take({ qdrant: nowhere }), /^Error: Qdrant: .*ECONNREFUSED/);
    const databaseUrl = 'postgres://nobody@127.0.0.1:1/none';
    await assert.rejects(b.take({ databaseUrl }), /^Error: PostgreSQL: .*ECONNREFUSED/);
    await assert.rejects(
      b.take({ redis: { url: 'redis://127.0.0.1:1', dataDir: '/x' } }),
      /^Error: Redis: cannot reach Redis at redis:\/\/127\.0\.0\.1:1/,
    );
    assert.deepEqual(await readdir(b.backups), []);
  });

  test('a backup that is told to stop stops, and leaves nothing', async () => {
    await fillDatabase(b.database);
    const stop = new AbortController();
    const taking = b.take({ signal: stop.signal });
    stop.abort(new Error('the service stops'));
    await assert.rejects(taking, /the service stops/);
    assert.deepEqual(await readdir(b.backups), []);
  });
});
