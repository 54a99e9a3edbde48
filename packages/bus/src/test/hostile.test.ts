import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Batcher } from '../batcher.ts';
import { connect, listDead, openTokenStream, Permanent, RetryLater } from '../index.ts';
import { bench, until } from './harness.ts';
import { feed, loose, made, onChannel, pending, range, stage } from './stage.ts';

// What handlers, neighbours and bad luck may do, and what a review of the bus had found to hurt.

let b: Awaited<ReturnType<typeof bench>>;
beforeEach(async () => (b = await bench()));
afterEach(() => b.close());

test('what handlers throw may be anything, and holds up nothing', async () => {
  const first = loose(b.service('first', stage({ attempts: 2 })));
  first.on('ring', () => {});
  first.on('tick', (e, ctx) => {
    if (e.n === 1) throw new RetryLater(Number(undefined));
    if (e.n === 2) throw Object.create(null);
    if (e.n === 3) throw undefined;
    ctx.emit('made', { n: e.n });
  });
  await feed(b, 'clock', [1, 2, 3, 4]);
  await first.start();
  await until('the last', async () => (await made(b)).includes(4));
  const reasons = (await listDead(b.redis, b.names, ['first'])).map((l) => l.reason).toSorted();
  assert.deepEqual(reasons, [
    'RetryLater(NaN): not a number of milliseconds',
    'something without words was thrown',
    'undefined',
  ]);
});

test('an event that is spread into another keeps its own name, id and time', async () => {
  const first = loose(b.service('first', stage()));
  first.on('ring', () => {});
  first.on('tick', (e, ctx) => ctx.emit('made', { ...e, n: e.n + 1 }));
  await feed(b, 'clock', [1]);
  await first.start();
  await until('the output', async () => (await made(b)).length === 1);
  const [input] = await onChannel(b, 'clock');
  const [output] = await onChannel(b, 'first');
  assert.equal(output!.event, 'made');
  assert.equal(output!.n, 2);
  assert.notEqual(output!.id, input!.id);
  assert.equal(output!.correlation_id, input!.correlation_id);
});

test('a handler that emits without end is a dead letter, and the next one is served', async () => {
  const first = loose(b.service('first', stage()));
  first.on('ring', () => {});
  first.on('tick', (e, ctx) => {
    for (let n = 0; n < (e.n === 1 ? 100_000 : 1); n++) ctx.emit('made', { n });
  });
  await feed(b, 'clock', [1, 2]);
  await first.start();
  await until('the next', async () => (await made(b)).length > 0);
  assert.deepEqual(await made(b), [0]);
  assert.match((await listDead(b.redis, b.names, ['first']))[0]!.reason, /10000 others at most/);
});

test('what a dead worker held is found behind any number of postponed ones', async () => {
  const stream = b.names.stream('clock');
  await feed(b, 'clock', range(1, 450));
  const first = loose(b.service('first', { ...stage({ concurrency: 50 }), leaseMs: 300 }));
  first.on('ring', () => {});
  first.on('tick', (e, ctx) => {
    if (e.n <= 450) throw new RetryLater(3_600_000);
    ctx.emit('made', { n: e.n });
  });
  await first.start();
  await until('all are postponed', async () => (await b.redis.zcard(b.names.retry('first'))) === 450);
  await first.close();
  await feed(b, 'clock', [451]);
  const dying = await connect(b.redisUrl, 'command', 'dying');
  await dying.xreadgroup('GROUP', 'first', 'gone', 'COUNT', 1, 'STREAMS', stream, '>');
  dying.disconnect();
  const second = loose(b.service('first', { ...stage({ concurrency: 50 }), leaseMs: 300 }));
  second.on('ring', () => {});
  second.on('tick', (e, ctx) => ctx.emit('made', { n: e.n }));
  await second.start();
  await until('the orphan', async () => (await made(b)).includes(451));
});

test('all keys gone under a handler that is longer than its lease: what it emits is kept', async () => {
  const first = loose(b.service('first', { ...stage(), leaseMs: 300 }));
  let begun = false;
  first.on('ring', () => {});
  first.on('tick', async (e, ctx) => {
    begun = true;
    await sleep(1200);
    ctx.emit('made', { n: e.n });
  });
  await feed(b, 'clock', [1]);
  await first.start();
  await until('the handler to begin', () => begun);
  const keys = await b.redis.keys(`${b.names.stream('').split(':')[0]}:*`);
  await b.redis.del(...keys);
  await until('the output', async () => (await made(b)).length === 1);
});

test('one slow handler does not keep in memory what is finished meanwhile', async () => {
  const first = loose(b.service('first', { ...stage({ concurrency: 8 }), leaseMs: 300 }));
  let done = 0;
  const gate = Promise.withResolvers<void>();
  first.on('ring', () => {});
  first.on('tick', async (e) => {
    if (e.n === 1) await gate.promise;
    done++;
  });
  await feed(b, 'clock', range(1, 200));
  await first.start();
  await until('all but one', () => done === 199);
  await sleep(400);
  await feed(b, 'clock', range(201, 210));
  await until('some more', () => done === 209);
  const [, ids] = b.names.finished('first', b.names.stream('clock'));
  await until('the mark to pass', async () => (await b.redis.scard(ids)) < 20);
  gate.resolve();
  await until('nothing pending', async () => (await pending(b)) === 0);
});

test('an entry of very many fields, as somebody may write it, holds up nothing', async () => {
  const stream = b.names.stream('clock');
  const fields = range(1, 9000).flatMap((n) => [`f${n}`, 'x']);
  await b.redis.xadd(stream, '*', ...fields);
  await b.redis.xgroup('CREATE', stream, 'first', '0');
  await b.redis.xreadgroup('GROUP', 'first', 'gone', 'COUNT', 1, 'STREAMS', stream, '>');
  const first = loose(b.service('first', { ...stage(), leaseMs: 200 }));
  first.on('ring', () => {});
  first.on('tick', (e, ctx) => ctx.emit('made', { n: e.n }));
  await feed(b, 'clock', [1]);
  await first.start();
  await until('the good one', async () => (await made(b)).length === 1);
  await until('a letter', async () => (await listDead(b.redis, b.names, ['first'])).length === 1);
});

test('tokens that are written side by side all get their turn', async () => {
  const writer = openTokenStream({ ...b }, 'side-by-side');
  await Promise.all(range(1, 3000).map(() => writer.write('x')));
  await writer.end();
  assert.equal(await b.redis.xlen(b.names.tokens('side-by-side')), 3001);
});

test('what is collected in the instant of a failure is neither lost nor first', async () => {
  const told: number[] = [];
  let broken = true;
  const batcher = new Batcher<number>({
    size: 1,
    depth: 2,
    async flush(batch) {
      await Promise.resolve();
      if (broken) return batch;
      told.push(...batch);
      return [];
    },
  });
  for (let n = 0; n < 6; n++) batcher.add(n);
  for (let n = 6; n < 30; n++) {
    await Promise.resolve();
    batcher.add(n);
  }
  await sleep(60);
  for (let n = 30; n < 40; n++) batcher.add(n);
  broken = false;
  await batcher.close(5000);
  assert.deepEqual(told, range(0, 39));
});

test('Permanent is told apart from a failure by its class, whatever its message', async () => {
  const first = loose(b.service('first', stage()));
  first.on('ring', () => {});
  first.on('tick', () => {
    throw new Permanent('NOGROUP Connection is closed. OOM');
  });
  await feed(b, 'clock', [1]);
  await first.start();
  await until('a letter', async () => (await listDead(b.redis, b.names, ['first'])).length === 1);
});
