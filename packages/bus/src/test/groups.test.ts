import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { RetryLater } from '../index.ts';
import { forget } from '../redis/lua/take.ts';
import { runScript } from '../redis/run.ts';
import { bench, until } from './harness.ts';
import { feed, loose, made, pending, range, stage } from './stage.ts';

let b: Awaited<ReturnType<typeof bench>>;
beforeEach(async () => (b = await bench()));
afterEach(() => b.close());

for (const concurrency of [1, 4]) {
  test(`a group destroyed again and again under load, ${concurrency} at once: no output twice, none lost, few re-runs`, async () => {
    const first = loose(b.service('first', stage({ concurrency })));
    let ran = 0;
    first.on('ring', () => {});
    first.on('tick', async (e, ctx) => {
      ran++;
      if (e.n % 3 === 0) await sleep(1);
      ctx.emit('made', { n: e.n });
    });
    const stream = b.names.stream('clock');
    await feed(b, 'clock', range(1, 2000));
    await first.start();
    for (const after of [500, 1000, 1500]) {
      await until(`${after} made`, async () => (await b.redis.xlen(b.names.stream('first'))) >= after);
      await b.redis.xgroup('DESTROY', stream, 'first');
    }
    await until('all', async () => (await b.redis.xlen(b.names.stream('first'))) >= 2000);
    await sleep(300);
    assert.deepEqual(
      (await made(b)).toSorted((x, y) => x - y),
      range(1, 2000),
    );
    // From the beginning of the stream it would be 500 + 1000 + 1500.
    assert.ok(ran - 2000 < 1000, `${ran - 2000} re-runs`);
    await until('nothing pending', async () => (await pending(b)) === 0);
  });
}

test('a group destroyed while an event waits for its next attempt: it comes again, and is not doubled', async () => {
  const first = loose(b.service('first', stage({ concurrency: 4 })));
  let tries = 0;
  first.on('ring', () => {});
  first.on('tick', (e, ctx) => {
    if (e.n === 3 && ++tries === 1) throw new RetryLater(600);
    ctx.emit('made', { n: e.n });
  });
  await feed(b, 'clock', range(1, 10));
  await first.start();
  await until('the others', async () => (await made(b)).length === 9);
  await b.redis.xgroup('DESTROY', b.names.stream('clock'), 'first');
  await feed(b, 'clock', [11]);
  await until('the one that waited', async () => (await made(b)).length >= 11);
  await sleep(300);
  assert.deepEqual(
    (await made(b)).toSorted((x, y) => x - y),
    range(1, 11),
  );
  assert.equal(tries, 2);
});

test('a stream deleted under load: what was in hand goes out, what comes later is handled, nothing twice', async () => {
  const first = loose(b.service('first', stage({ concurrency: 4 })));
  const begun = new Set<number>();
  first.on('ring', () => {});
  first.on('tick', async (e, ctx) => {
    begun.add(e.n);
    await sleep(10);
    ctx.emit('made', { n: e.n });
  });
  await feed(b, 'clock', range(1, 300));
  await first.start();
  await until('some', () => begun.size > 100);
  await b.redis.del(b.names.stream('clock'));
  await feed(b, 'clock', range(1001, 1100));
  await until('what came later', async () => (await made(b)).filter((n) => n > 1000).length >= 100);
  await sleep(200);
  const all = await made(b);
  assert.equal(new Set(all).size, all.length, 'nothing twice');
  assert.deepEqual(
    [...begun].filter((n) => !all.includes(n)),
    [],
    'what somebody had in hand',
  );
  await until('nothing pending', async () => (await pending(b)) === 0);
});

test('a consumer that vanished is removed when nothing is pending for it, and not before', async () => {
  const stream = b.names.stream('clock');
  await feed(b, 'clock', [1]);
  await b.redis.xgroup('CREATE', stream, 'first', '0');
  await b.redis.xgroup('CREATECONSUMER', stream, 'first', 'idle');
  await b.redis.xreadgroup('GROUP', 'first', 'busy', 'STREAMS', stream, '>');
  await sleep(60);
  const names = async (): Promise<unknown[]> =>
    ((await b.redis.xinfo('CONSUMERS', stream, 'first')) as unknown[][]).map((c) => c[1]).toSorted();
  assert.equal(await runScript(b.redis, forget, [stream], ['first', '', 60_000]), 0, 'seen lately');
  assert.deepEqual(await names(), ['busy', 'idle']);
  assert.equal(await runScript(b.redis, forget, [stream], ['first', '', 20]), 1);
  assert.deepEqual(await names(), ['busy']);
  assert.equal(await runScript(b.redis, forget, [stream], ['first', 'busy', 20]), 0, 'not by name either');

  const first = loose(b.service('first', { ...stage(), leaseMs: 200 }));
  first.on('ring', () => {});
  first.on('tick', (e, ctx) => ctx.emit('made', { n: e.n }));
  await first.start();
  await until('what it held', async () => (await made(b)).length === 1);
  await until('nothing pending', async () => (await pending(b)) === 0);
  await runScript(b.redis, forget, [stream], ['first', 'busy', 60_000]);
  assert.ok(!(await names()).includes('busy'));
});
