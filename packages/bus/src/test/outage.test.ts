import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis } from '@afk/local/stores/redis';
import { connect, defineService, namesOf, type Redis } from '../index.ts';
import { pipeline, recorder, schemas, until } from './harness.ts';

/** Publishes until somebody hears it: while readers come back, nobody may. */
async function publish(redis: Redis, channel: string, text: string): Promise<void> {
  await until('a listener', async () => (await redis.publish(channel, text).catch(() => 0)) > 0);
}

test('Redis killed with -9 and started again: readers come back, what waits is handled, and a stop is quick', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'afk-outage-'));
  const port = 21_000 + (process.pid % 9000);
  let store = await startRedis({ dir, port });
  const log = recorder();
  const service = defineService('first', { pipeline, redisUrl: store.url, env: 'outage', schemas, log });
  const handled: number[] = [];
  (service as unknown as { on(e: string, h: (event: { n: number }) => void): void }).on(
    'tick',
    (e) => void handled.push(e.n),
  );
  try {
    await service.start();
    const names = namesOf('outage');
    for (let n = 1; n <= 3; n++) {
      process.kill(store.pid, 'SIGKILL');
      await store.ended;
      store = await startRedis({ dir, port });
      const redis = await connect(store.url, 'command', 'test');
      await publish(redis, names.channel('clock'), `{"event":"tick","n":${n}}`);
      redis.disconnect();
      await until(`event ${n}`, () => handled.includes(n), 15_000);
    }
    assert.deepEqual(handled, [1, 2, 3]);
  } finally {
    const began = performance.now();
    await service.close();
    assert.ok(performance.now() - began < 5000, 'nothing waits for a connection that is gone');
    await store.stop();
    rmSync(dir, { recursive: true, force: true });
  }
});

test('a Redis that stops answering while a read waits is left, and found again', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'afk-outage-'));
  const store = await startRedis({ dir, port: 31_000 + (process.pid % 9000) });
  const log = recorder();
  const service = defineService('first', { pipeline, redisUrl: store.url, env: 'outage', schemas, log });
  let handled = 0;
  (service as unknown as { on(e: string, h: () => void): void }).on('tick', () => void handled++);
  try {
    await service.start();
    // Long enough that the reader waits in its read.
    await sleep(500);
    process.kill(store.pid, 'SIGSTOP');
    await until('the watchdog', () => log.lines.some((l) => l.includes('no answer within')), 10_000);
    process.kill(store.pid, 'SIGCONT');
    const redis = await connect(store.url, 'command', 'test');
    await publish(redis, 'outage-clock', '{"event":"tick"}');
    redis.disconnect();
    await until('the event', () => handled > 0, 15_000);
  } finally {
    process.kill(store.pid, 'SIGCONT');
    await service.close();
    await store.stop();
    rmSync(dir, { recursive: true, force: true });
  }
});
