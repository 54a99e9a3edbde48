import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { listDead, Permanent, RetryLater } from '../index.ts';
import { bench, until } from './harness.ts';
import { feed, loose, made, range, stage } from './stage.ts';

let b: Awaited<ReturnType<typeof bench>>;
beforeEach(async () => (b = await bench()));
afterEach(() => b.close());

test('one at a time: those behind a failed event wait for it, and another channel goes on', async () => {
  const first = loose(b.service('first', stage()));
  const seen: string[] = [];
  first.on('tick', (e, ctx) => {
    seen.push(`tick ${e.n}`);
    if (e.n === 2 && ctx.attempt === 1) throw new RetryLater(500);
  });
  first.on('ring', (e) => void seen.push(`ring ${e.n}`));
  await feed(b, 'clock', range(1, 5));
  await first.start();
  await until('the failure', () => seen.includes('tick 2'));
  await feed(b, 'bell', [1, 2]);
  await until('the other channel', () => seen.includes('ring 2'));
  assert.ok(!seen.includes('tick 3'), 'it waits behind 2');
  await until('all', () => seen.includes('tick 5'));
  const ticks = seen.filter((s) => s.startsWith('tick'));
  assert.deepEqual(ticks, ['tick 1', 'tick 2', 'tick 2', 'tick 3', 'tick 4', 'tick 5']);
});

test('another channel goes on, however much was read behind the failed event', async () => {
  const first = loose(b.service('first', stage()));
  const seen: string[] = [];
  first.on('tick', async (e, ctx) => {
    seen.push(`tick ${e.n}`);
    if (e.n !== 500 || ctx.attempt > 1) return;
    // Slow, after many fast ones: what lies behind it is more than is read ahead of slow ones.
    await sleep(50);
    throw new RetryLater(20_000);
  });
  first.on('ring', (e) => void seen.push(`ring ${e.n}`));
  await feed(b, 'clock', range(1, 1000));
  await first.start();
  await until('the failure', () => seen.includes('tick 500'));
  await feed(b, 'bell', range(1, 100));
  await until('the other channel', () => seen.includes('ring 100'), 15_000);
  assert.ok(!seen.includes('tick 501'), 'it waits behind 500');
});

test('also where it becomes a dead letter in the end, and where both channels wait', async () => {
  const first = loose(b.service('first', stage()));
  const seen: string[] = [];
  const handler =
    (name: string) =>
    (e: { n: number }): void => {
      seen.push(`${name} ${e.n}`);
      if (e.n === 1) throw new Error('always');
    };
  first.on('tick', handler('tick'));
  first.on('ring', handler('ring'));
  await feed(b, 'clock', [1, 2]);
  await feed(b, 'bell', [1, 2]);
  await first.start();
  await until('all', () => seen.includes('tick 2') && seen.includes('ring 2'));
  for (const name of ['tick', 'ring']) {
    const own = seen.filter((s) => s.startsWith(name));
    assert.deepEqual(own, [`${name} 1`, `${name} 1`, `${name} 1`, `${name} 2`]);
  }
  await until('both letters', async () => (await listDead(b.redis, b.names, ['first'])).length === 2);
});

test('a Permanent holds nothing up, and order stays in what is made', async () => {
  const first = loose(b.service('first', stage()));
  first.on('ring', () => {});
  first.on('tick', async (e, ctx) => {
    if (e.n % 10 === 0) throw new Permanent('every tenth');
    if (e.n % 7 === 0 && ctx.attempt === 1) throw new RetryLater(5);
    if (e.n % 5 === 0) await sleep(2);
    ctx.emit('made', { n: e.n });
  });
  await feed(b, 'clock', range(1, 100));
  await first.start();
  // 13 retries of 5 ms: none of them waits for a read that left its channel out.
  await until('all', async () => (await made(b)).length === 90, 10_000);
  assert.deepEqual(
    await made(b),
    range(1, 100).filter((n) => n % 10 !== 0),
  );
});

test('several at a time: others overtake one that waits or takes long', async () => {
  const first = loose(b.service('first', stage({ concurrency: 4 })));
  const ended: number[] = [];
  first.on('ring', () => {});
  first.on('tick', async (e, ctx) => {
    if (e.n === 1) await sleep(400);
    if (e.n === 2 && ctx.attempt === 1) throw new RetryLater(400);
    ended.push(e.n);
  });
  await feed(b, 'clock', range(1, 12));
  await first.start();
  await until('all', () => ended.length === 12);
  assert.deepEqual(ended.slice(0, 10), range(3, 12));
  assert.deepEqual(ended.slice(10).toSorted(), [1, 2]);
});

test('outputs of a handler leave in the order it emitted them, after those of the event before', async () => {
  const first = loose(b.service('first', stage()));
  first.on('ring', () => {});
  first.on('tick', async (e, ctx) => {
    for (let i = 0; i < 3; i++) {
      ctx.emit('made', { n: e.n * 10 + i });
      if (i === 1) await sleep(1);
    }
  });
  await feed(b, 'clock', range(1, 40));
  await first.start();
  await until('all', async () => (await made(b)).length === 120);
  assert.deepEqual(
    await made(b),
    range(1, 40).flatMap((n) => [n * 10, n * 10 + 1, n * 10 + 2]),
  );
});
