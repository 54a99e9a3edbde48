import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { connect } from '@afk/bus';
import { startRedis } from '@afk/local/stores/redis';
import { freePort } from '@afk/local/testing';
import { bench, fillRedis, type Bench } from '../testing/bench.ts';
import { assertNobodyListens, placeRedisBase, restartRedis, type Backup } from '../index.ts';

/** All that a Redis holds: each key as DUMP gives it. */
async function held(url: string): Promise<Record<string, string>> {
  const redis = await connect(url, 'command', 'afk');
  try {
    const keys = (await redis.keys('*')).toSorted();
    const dumps = await Promise.all(
      keys.map(async (k) => [k, (await redis.dumpBuffer(k)).toString('hex')] as const),
    );
    return Object.fromEntries(dumps);
  } finally {
    redis.disconnect();
  }
}

const isUp = (url: string): Promise<boolean> =>
  held(url).then(
    () => true,
    () => false,
  );

async function set(url: string, key: string): Promise<void> {
  const redis = await connect(url, 'command', 'afk');
  await redis.set(key, 'x');
  redis.disconnect();
}

describe('the base of a backup', async () => {
  const b = await bench();
  after(() => b.close());

  test('put into a folder, is what Redis begins with; what was there is kept aside', async () => {
    await fillRedis(b.redis);
    const before = await held(b.redisUrl);
    const backup = await b.take();
    await b.redis.set('later', 'x');
    const dir = join(b.dir, 'another');
    for (const time of [1, 2]) {
      await placeRedisBase(dir, join(backup.path, 'redis/base.rdb'));
      const redis = await startRedis({ dir, port: await freePort() });
      assert.deepEqual(await held(redis.url), before, `time ${time}`);
      await set(redis.url, 'since');
      await redis.stop();
    }
    await access(join(dir, 'appendonlydir.before-restore'));
  });
});

const script = fileURLToPath(new URL('../../../../infra/redis/restore.sh', import.meta.url));

/** A Redis in what its container is: sh that sources restore.sh, and somebody who starts it again when it ends. */
async function container(b: Bench, { restarts = true, mounted = true } = {}) {
  const port = await freePort();
  const data = join(b.dir, `data-${port}`);
  await mkdir(data);
  const program = `. ${script}; exec redis-server --port ${port} --bind 127.0.0.1 --dir "$DATA" --appendonly yes --save ''`;
  let said = '';
  let child: ChildProcess;
  let ended = false;
  const start = (): void => {
    const BACKUPS = mounted ? b.backups : join(b.dir, 'nothing');
    child = spawn('sh', ['-c', program], { env: { PATH: process.env['PATH'], BACKUPS, DATA: data } });
    child.stdout!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.once('exit', () => restarts && !ended && start());
  };
  start();
  const url = `redis://127.0.0.1:${port}`;
  for (let up = false; !up;) up = await isUp(url);
  return {
    url,
    data,
    said: () => said,
    async restart(): Promise<void> {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
    async close(): Promise<void> {
      ended = true;
      if (child.exitCode === null) await this.restart();
    },
  };
}

describe('a Redis that its container starts again', async () => {
  const b = await bench();
  after(() => b.close());
  await fillRedis(b.redis);
  const before = await held(b.redisUrl);
  const backup: Backup = await b.take();

  test('begins with the backup, once: a later restart keeps what came since', async () => {
    const c = await container(b);
    try {
      await set(c.url, 'old');
      await restartRedis(c.url, backup, b.backups, 20_000);
      assert.deepEqual(await held(c.url), before);
      assert.match(c.said(), new RegExp(`Redis starts with what it held in ${backup.name}`));
      await assert.rejects(access(join(b.backups, 'restore-redis')), 'the order is gone with its being done');
      // One that stayed is carried out once.
      await cp(join(c.data, 'restored'), join(b.backups, 'restore-redis'));
      await set(c.url, 'since');
      await c.restart();
      for (let up = false; !up;) up = await isUp(c.url);
      assert.ok('since' in (await held(c.url)));
      // The same backup again is another order.
      await restartRedis(c.url, backup, b.backups, 20_000);
      assert.deepEqual(await held(c.url), before);
    } finally {
      await c.close();
    }
  });

  test('and that has no room for another key, begins with it all the same', async () => {
    for (const mounted of [true, false]) {
      const c = await container(b, { mounted });
      try {
        await set(c.url, 'old');
        const redis = await connect(c.url, 'command', 'afk');
        await redis.config('SET', 'maxmemory', '1');
        redis.disconnect();
        const restarted = restartRedis(c.url, backup, b.backups, 20_000);
        if (mounted) await restarted;
        else await assert.rejects(restarted, /It came back with its old data/);
        assert.deepEqual(Object.keys(await held(c.url)), mounted ? Object.keys(before) : ['old']);
      } finally {
        await c.close();
      }
    }
  });

  test('that does not come back, or comes back with its old data: what to do is told', async () => {
    const dead = await container(b, { restarts: false });
    await assert.rejects(restartRedis(dead.url, backup, b.backups, 1500), /It has not come back after 1.5 s/);
    const blind = await container(b, { mounted: false });
    try {
      await set(blind.url, 'old');
      await assert.rejects(
        restartRedis(blind.url, backup, b.backups, 20_000),
        /It came back with its old data/,
      );
      assert.deepEqual(Object.keys(await held(blind.url)), ['old'], 'and nothing of the attempt stays');
    } finally {
      await blind.close();
    }
  });

  test('an order that names nothing it can read leaves Redis with what it has, and says so', async () => {
    for (const [order, reason] of [
      ['2020-01-01T00-00-00Z token\n', /base\.rdb cannot be read: Redis starts with what it has/],
      ['../elsewhere token', /names no backup/],
      ['', /names no backup/],
      ['\n', /names no backup/],
    ] as const) {
      await writeFile(join(b.backups, 'restore-redis'), order);
      const c = await container(b);
      assert.match(c.said(), reason);
      assert.deepEqual(await held(c.url), {});
      await c.close();
    }
  });

  test('a backup that Redis cannot see is refused before it is shut down', async () => {
    const elsewhere = { ...backup, path: join(b.dir, 'elsewhere', backup.name) };
    await assert.rejects(
      restartRedis(b.redisUrl, elsewhere, b.backups),
      /finds its backups in .* alone: copy/,
    );
    const path = join(b.backups, 'before the move');
    const named = { ...backup, name: 'before the move', path };
    await assert.rejects(restartRedis(b.redisUrl, named, b.backups), /"before the move" is none: rename/);
    assert.equal(await b.redis.ping(), 'PONG');
  });

  test('a user who may not shut it down is told, and Redis keeps what it has', async () => {
    await b.redis.call('acl', 'setuser', 'weak', 'on', '>secret', '~*', '&*', '+@all', '-shutdown');
    const url = b.redisUrl.replace('redis://', 'redis://weak:secret@');
    await assert.rejects(
      restartRedis(url, backup, b.backups),
      /Redis is not shut down: NOPERM.*a user of Redis who may/,
    );
    await assert.rejects(access(join(b.backups, 'restore-redis')));
    assert.deepEqual(await held(b.redisUrl), before);
  });

  test('services that listen are named', async () => {
    await assert.rejects(assertNobodyListens(b.redisUrl), /connected to Redis: test\./);
  });
});
