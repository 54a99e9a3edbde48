import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { bench, until } from './harness.ts';
import { feed, loose, made, pending, range, stage, type Ctx } from './stage.ts';

/** Longer than any wait here: who gets an event did not get it by waiting for the lease. */
const LEASE = 120_000;

let b: Awaited<ReturnType<typeof bench>>;
beforeEach(async () => (b = await bench()));
afterEach(() => b.close());

test('a stop hands back what was read ahead and not begun: no attempt, and nothing twice', async () => {
  const settings = { ...stage(), leaseMs: LEASE };
  const one = loose(b.service('first', settings));
  let stuck = false;
  one.on('ring', () => {});
  one.on('tick', async (e, ctx) => {
    if (e.n === 700) {
      stuck = true;
      await sleep(300);
    }
    ctx.emit('made', { n: e.n });
  });
  await feed(b, 'clock', range(1, 1000));
  await one.start();
  await until('the slow one', () => stuck);
  await until('reading ahead', async () => (await pending(b)) > 1);
  await one.close();
  assert.deepEqual(await made(b), range(1, 700), 'the one in hand was finished, no other begun');

  const attempts = new Set<number>();
  const two = loose(b.service('first', settings));
  two.on('ring', () => {});
  two.on('tick', (e, ctx) => {
    attempts.add(ctx.attempt);
    ctx.emit('made', { n: e.n });
  });
  await two.start();
  await until('the rest, long before the lease', async () => (await made(b)).length >= 1000);
  assert.deepEqual(
    (await made(b)).toSorted((x, y) => x - y),
    range(1, 1000),
  );
  assert.deepEqual([...attempts], [1]);
});

test('rolling over under load: nothing lost, nothing twice, nothing waits for a lease', async () => {
  const settings = { ...stage({ concurrency: 4 }), leaseMs: LEASE };
  const attempts = new Set<number>();
  const begin = async (): Promise<{ close(): Promise<void> }> => {
    const service = loose(b.service('first', settings));
    service.on('ring', () => {});
    service.on('tick', async (e, ctx) => {
      attempts.add(ctx.attempt);
      await sleep(e.n % 3);
      ctx.emit('made', { n: e.n });
    });
    await service.start();
    return service;
  };
  await feed(b, 'clock', range(1, 2500));
  let current = await begin();
  for (let i = 0; i < 6; i++) {
    await sleep(80);
    const next = await begin();
    await current.close();
    current = next;
  }
  await until('all, long before the lease', async () => (await made(b)).length >= 2500);
  await sleep(100);
  assert.deepEqual(
    (await made(b)).toSorted((x, y) => x - y),
    range(1, 2500),
  );
  assert.deepEqual([...attempts], [1], 'nobody died: each was the first attempt');
  assert.equal(await pending(b), 0);
});

test('a handler longer than the drain is aborted and its event handed back at once', async () => {
  const settings = { ...stage(), leaseMs: LEASE };
  const one = loose(b.service('first', settings));
  let reason: unknown;
  let late: Ctx | undefined;
  one.on('ring', () => {});
  one.on('tick', async (_e, ctx) => {
    late = ctx;
    ctx.emit('made', { n: -1 });
    await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve));
    reason = ctx.signal.reason;
    await sleep(300);
  });
  await feed(b, 'clock', [1]);
  await one.start();
  await until('the handler', () => late !== undefined);
  await one.close();
  assert.match(String(reason), /stopping/);
  const two = loose(b.service('first', settings));
  two.on('ring', () => {});
  two.on('tick', (e, ctx) => ctx.emit('made', { n: e.n * 100 + ctx.attempt }));
  await two.start();
  await until('the second', async () => (await made(b)).length > 0);
  await sleep(400);
  assert.deepEqual(await made(b), [102], 'the aborted one leaves nothing; it was an attempt');
});

test('an emit after the handler ended is refused, and tells why', async () => {
  const first = loose(b.service('first', stage()));
  const refusals: string[] = [];
  const late = (ctx: Ctx): void => {
    try {
      ctx.emit('made', { n: 2 });
    } catch (error) {
      refusals.push((error as Error).message);
    }
  };
  first.on('ring', () => {});
  first.on('tick', (e, ctx) => {
    setTimeout(() => late(ctx), 50);
    if (e.n === 2) throw new Error('failed, and emits all the same');
    ctx.emit('made', { n: 1 });
  });
  await feed(b, 'clock', [1, 2]);
  await first.start();
  await until('two refusals', () => refusals.length >= 2);
  for (const refusal of refusals) assert.match(refusal, /"made" emitted after its handler had ended/);
  assert.deepEqual(await made(b), [1]);
});
