import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startRedis } from '@afk/local/stores/redis';
import {
  connect,
  defineService,
  listDead,
  namesOf,
  Permanent,
  RetryLater,
  trimStreams,
  Unavailable,
} from '../index.ts';
import { bench, recorder, until } from './harness.ts';
import { feed, loose, made, pending, range, stage } from './stage.ts';

test('Redis out of memory: what is new is refused and lost to nobody, what is there is worked off and trimmed', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'afk-memory-'));
  const store = await startRedis({ dir, port: 41_000 + (process.pid % 9000) });
  const redis = await connect(store.url, 'command', 'test');
  const b = { redis, names: namesOf('memory') };
  const log = recorder();
  const settings = { redisUrl: store.url, env: 'memory', log, ...stage({ concurrency: 4 }) };
  const first = loose(defineService('first', settings));
  let [begun, full] = [0, Promise.withResolvers<void>()];
  first.on('ring', () => {});
  first.on('tick', async (e, ctx) => {
    begun++;
    await full.promise;
    ctx.emit('made', { n: e.n });
    ctx.emit('made', { n: e.n + 100 });
    if (e.n === 2 && ctx.attempt === 1) throw new RetryLater(10);
    if (e.n === 3) throw new Permanent('in the midst of it');
  });
  try {
    await feed(b, 'clock', range(1, 12));
    await first.start();
    await until('four in hand', () => begun === 4);
    await redis.config('SET', 'maxmemory', '1');
    full.resolve();
    await until('all', async () => (await made(b)).length >= 22);
    await until('nothing pending', async () => (await pending(b)) === 0);
    const expected = range(1, 12).filter((n) => n !== 3);
    assert.deepEqual(
      (await made(b)).toSorted((x, y) => x - y),
      [...expected, ...expected.map((n) => n + 100)],
    );
    await assert.rejects(
      feed(b, 'clock', [13]),
      (e: Error) => e instanceof Unavailable && /OOM/.test(e.message),
    );
    await trimStreams({ redis, names: b.names, pipeline: settings.pipeline, log, retentionMs: 0 });
    assert.ok((await redis.xlen(b.names.stream('clock'))) <= 1, 'and makes room');
    await redis.config('SET', 'maxmemory', '0');
    await feed(b, 'clock', [14]);
    await until('the next', async () => (await made(b)).includes(14));
    assert.equal((await listDead(redis, b.names, ['first'])).length, 1);
  } finally {
    await first.close();
    redis.disconnect();
    await store.stop();
    rmSync(dir, { recursive: true, force: true });
  }
});

for (const [what, keyOf] of [
  ['output stream', (b: Bench) => b.names.stream('first')],
  ['dead letters', (b: Bench) => b.names.dead('first')],
] as const) {
  test(`a key of the wrong type where the ${what} should be: nothing is acknowledged, and it goes on when mended`, async () => {
    const b = await bench();
    try {
      const first = loose(b.service('first', stage({ concurrency: 4 })));
      first.on('ring', () => {});
      first.on('tick', (e, ctx) => {
        ctx.emit('made', { n: e.n });
        if (e.n === 1) throw new Permanent('a letter');
      });
      await b.redis.set(keyOf(b), 'mistaken');
      await feed(b, 'clock', range(1, 3));
      await first.start();
      await until('a refusal', () => b.log.lines.some((l) => /settling failed.*WRONGTYPE/.test(l)));
      const [group] = (await b.redis.xpending(b.names.stream('clock'), 'first')) as [number];
      assert.ok(group >= 1, 'the letter is pending still');
      await b.redis.del(keyOf(b));
      await until('all', async () => (await made(b)).length === 2);
      await until('the letter', async () => (await listDead(b.redis, b.names, ['first'])).length === 1);
      await until('nothing pending', async () => (await pending(b)) === 0);
      assert.deepEqual((await made(b)).toSorted(), [2, 3]);
    } finally {
      await b.close();
    }
  });
}

type Bench = Awaited<ReturnType<typeof bench>>;
