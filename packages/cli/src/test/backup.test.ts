import assert from 'node:assert/strict';
import { cp, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { takeBackup } from '@afk/backup-files';
import { connect, defineService, Permanent, type Handler } from '@afk/bus';
import { startRedis } from '@afk/local/stores/redis';
import { freePort, freshDatabase, recorder } from '@afk/local/testing';
import { startQdrantLocal } from '@afk/qdrant-local';
import { readPipeline } from '@afk/runtime';
import { createProgram } from '../program.ts';
import { readSettings, root } from '../settings.ts';

const signal = AbortSignal.timeout(100_000);

/** @returns what it printed */
async function afk(env: Record<string, string>, ...args: string[]): Promise<string> {
  let printed = '';
  const program = createProgram(env, (text) => (printed += text)).exitOverride();
  await program.parseAsync(['node', 'afk', ...args]);
  return printed.trim();
}

describe('afk backup', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'afk-cli-'));
  // Of its own: who is connected counts.
  const redis = await startRedis({ dir: join(dir, 'redis'), port: await freePort() });
  const backups = join(dir, 'backups');
  const env = { ENV: 'staging', REDIS_URL: redis.url, BACKUP_DIR: backups, INIT_CWD: dir };
  after(async () => {
    await redis.stop();
    await rm(dir, { recursive: true });
  });

  /** A backup service that does no more than answer. */
  async function serve(answer: Handler<'trigger-backup'>): Promise<() => Promise<void>> {
    const pipeline = readPipeline(join(root, 'pipeline.json'));
    const service = defineService('backup', {
      pipeline,
      redisUrl: redis.url,
      env: 'staging',
      log: recorder(),
    });
    service.on('trigger-backup', answer);
    await service.start();
    return () => service.close();
  }

  test('says so where no backup service is running', async () => {
    await assert.rejects(afk(env, 'backup'), /no backup service is running: start AFK/);
  });

  test('waits for its own backup, and tells what it came to', async () => {
    const figures = {
      bytes: 1_234_567,
      rows: 42,
      points: 7,
      redis_bytes: 2000,
      seconds: 1.25,
      kept: 3,
      removed: 1,
    };
    const done = { status: 'ok' as const, name: '2026-11-21T15-04-05Z', ...figures };
    const stop = await serve((_, ctx) => ctx.emit('backup_complete', done));
    try {
      assert.equal(
        await afk(env, 'backup'),
        'a backup is being taken; how it goes is in the log of the backup service\n' +
          '2026-11-21T15-04-05Z: 1.2 MB in 1.3 s\n' +
          'PostgreSQL 42 rows, Qdrant 7 points, Redis 2 kB\n3 backups kept, 1 removed',
      );
      assert.equal((JSON.parse(await afk(env, '--json', 'backup')) as { rows: number }).rows, 42);
    } finally {
      await stop();
    }
  });

  test('tells why there is none', async () => {
    const stop = await serve(() => {
      throw new Permanent('PostgreSQL: no space left on device');
    });
    try {
      await assert.rejects(afk(env, 'backup'), /the backup failed: PostgreSQL: no space left on device/);
    } finally {
      await stop();
    }
  });

  test('a nonsensical wait is named; an empty folder is no error', async () => {
    await assert.rejects(afk(env, 'backup', '--wait', 'long'), /--wait long: minutes, up to a day/);
    assert.equal(await afk(env, 'backup', 'list'), `no backups in ${backups}`);
    await assert.rejects(afk(env, 'backup', 'verify', 'latest'), /there is no backup in/);
  });
});

test('of an AFK that does not run, the latest backup is that of the ENV in .env', () => {
  assert.equal(readSettings({}, '/nowhere', { ENV: 'staging' }).env, 'staging');
  assert.equal(readSettings({ ENV: '' }, '/nowhere', { ENV: 'staging' }).env, '', 'what is given counts');
});

describe('afk restore, the stores being given', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'afk-cli-'));
  const backups = join(dir, 'backups');
  const redisDir = join(dir, 'redis');
  const redis = await startRedis({ dir: redisDir, port: await freePort() });
  const database = await freshDatabase();
  const vectors = await startQdrantLocal();
  const env = {
    ENV: '',
    REDIS_URL: redis.url,
    DATABASE_URL: database.url,
    QDRANT_URL: vectors.url,
    BACKUP_DIR: backups,
    INIT_CWD: dir,
  };
  after(async () => {
    await redis.stop();
    await vectors.close();
    await database.drop();
    await rm(dir, { recursive: true });
  });
  const feeds = async (): Promise<number> => (await database.pool.query('select from feeds')).rowCount!;
  const add = (url: string): Promise<unknown> =>
    database.pool.query(`insert into feeds (url, source, created_at) values ($1, 'opml', now())`, [url]);

  await add('https://one.example');
  const { name, path } = await takeBackup({
    dir: backups,
    databaseUrl: database.url,
    qdrant: { url: vectors.url },
    redis: { url: redis.url, dataDir: redisDir },
    env: '',
    version: '0.1.0',
    at: new Date('2026-11-21T15:04:05Z'),
    signal,
    log: recorder(),
  });
  await add('https://two.example');

  test('asks first; without a terminal it wants --yes', async () => {
    await assert.rejects(
      afk(env, 'restore', 'latest'),
      /what is in postgres:.* now will be lost: give --yes/,
    );
    assert.equal(await feeds(), 2);
  });

  test('refuses while services are connected, naming them and how they are stopped', async () => {
    const service = await connect(redis.url, 'subscriber', 'extractor');
    await assert.rejects(
      afk(env, 'restore', 'latest', '--yes'),
      /services are connected to Redis: extractor\. Stop them first: docker compose stop extractor/,
    );
    service.disconnect();
    assert.equal(await feeds(), 2);
  });

  test('a backup that Redis could not find is refused before anything is restored', async () => {
    const elsewhere = join(dir, 'elsewhere', name);
    await cp(path, elsewhere, { recursive: true });
    await assert.rejects(
      afk({ ...env, REDIS_RESTARTS: '1' }, 'restore', elsewhere, '--yes'),
      /Redis finds its backups in .* alone: copy/,
    );
    assert.equal(await feeds(), 2);
  });

  test('restores by name; a Redis that nobody starts again is left as it is, and what to do is told', async () => {
    const said = JSON.parse(await afk(env, '--json', 'restore', name, '--yes')) as {
      redis: string;
      rows: number;
    };
    assert.equal(await feeds(), 1);
    assert.match(said.redis, /left as it is.*base\.rdb/);
    assert.equal(said.rows, 1);
  });

  test('list and verify find it; a damaged one is refused by its file', async () => {
    assert.match(await afk(env, 'backup', 'list'), new RegExp(`${name} +\\d+ kB +1 +0 `));
    assert.match(await afk(env, 'backup', 'verify', name), /all \d+ files are whole/);
    await truncate(join(path, 'redis/base.rdb'), 3);
    await assert.rejects(afk(env, 'backup', 'verify', name), /base\.rdb is damaged: 3 bytes instead of/);
    await add('https://three.example');
    await assert.rejects(afk(env, 'restore', name, '--yes'), /base\.rdb is damaged/);
    assert.equal(await feeds(), 2);
  });
});
