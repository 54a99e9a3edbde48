import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { listDead, Permanent, replayDead } from '../index.ts';
import { bench, until } from './harness.ts';
import { feed, loose, made, pending, range, stage, type Ctx, type Event } from './stage.ts';

let b: Awaited<ReturnType<typeof bench>>;
beforeEach(async () => (b = await bench()));
afterEach(() => b.close());

/** Looks at how much is taken and unfinished, as often as it can, until `done`. */
async function mostPending(done: () => boolean): Promise<number> {
  let most = 0;
  while (!done()) most = Math.max(most, await pending(b));
  return most;
}

for (const concurrency of [1, 4]) {
  test(`slow handlers, ${concurrency} at once: no more is taken from Redis, over two channels and the inbox`, async () => {
    let [handled, broken] = [0, true];
    const handler = async (e: Event, ctx: Ctx): Promise<void> => {
      if (broken) throw new Permanent('for the inbox');
      await sleep(30);
      handled++;
      ctx.emit('made', { n: e.n });
    };
    const settings = stage({ concurrency });
    const before = loose(b.service('first', settings));
    before.on('tick', handler);
    before.on('ring', handler);
    await feed(b, 'clock', range(1, 20));
    await before.start();
    const letters = (): ReturnType<typeof listDead> => listDead(b.redis, b.names, ['first']);
    await until('letters', async () => (await letters()).length === 20);
    await before.close();
    for (const { id } of await letters()) await replayDead(b.redis, b.names, 'first', id);
    await feed(b, 'clock', range(21, 40));
    await feed(b, 'bell', range(41, 60));
    broken = false;

    const first = loose(b.service('first', settings));
    first.on('tick', handler);
    first.on('ring', handler);
    await first.start();
    const most = await mostPending(() => handled === 60);
    assert.ok(most <= concurrency, `${most} were taken at once`);
    assert.ok(most > 0);
    await until('all', async () => (await made(b)).length === 60);
  });
}

test('fast handlers: what is read ahead is bounded', async () => {
  const first = loose(b.service('first', stage({ concurrency: 4 })));
  let handled = 0;
  first.on('ring', () => void handled++);
  first.on('tick', () => void handled++);
  await feed(b, 'clock', range(1, 6000));
  await feed(b, 'bell', range(1, 6000));
  await first.start();
  const most = await mostPending(() => handled === 12_000);
  // window.ts: 512 ahead of the handlers.
  assert.ok(most <= 4 + 512, `${most} were taken at once`);
  await until('all finished', async () => (await pending(b)) === 0);
});

test('handlers that become slow find what was read ahead, and no more is read until it is done', async () => {
  const first = loose(b.service('first', stage()));
  let [handled, slow] = [0, false];
  first.on('ring', () => {});
  first.on('tick', async () => {
    if (slow) await sleep(5);
    handled++;
  });
  await feed(b, 'clock', range(1, 3000));
  await first.start();
  await until('some', () => handled > 1000);
  slow = true;
  await until('what was read ahead', async () => (await pending(b)) <= 2, 8000);
});
