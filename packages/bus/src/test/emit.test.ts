import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { correlation, emit, listDead, Permanent, RedisEmitter } from '../index.ts';
import { payloadOf } from '../redis/streams.ts';
import { bench, until } from './harness.ts';
import { feed, loose, made, onChannel, range, schemas, stage, type Event } from './stage.ts';

let b: Awaited<ReturnType<typeof bench>>;
beforeEach(async () => (b = await bench()));
afterEach(() => b.close());

const letters = (): ReturnType<typeof listDead> => listDead(b.redis, b.names, ['first']);

test('whoever watches sees exactly what is on the stream, in its order; a repeated id is left out', async () => {
  const heard = await b.listen();
  const emitter = { transport: new RedisEmitter(b.redis, b.names), schemas, emitter: 'clock' };
  for (const n of range(1, 20)) await emit(emitter, 'tick', { n }, { id: `id-${n}` });
  await Promise.all(range(11, 40).map((n) => emit(emitter, 'tick', { n }, { id: `id-${n}` })));
  await until('the last', () => heard.length >= 40);
  const entries = await b.redis.xrange(b.names.stream('clock'), '-', '+');
  const stored = entries.map(([, fields]) => payloadOf(fields));
  assert.deepEqual(
    heard.map((h) => h.text),
    stored,
  );
  assert.deepEqual(
    stored.map((s) => (JSON.parse(s) as Event).n),
    range(1, 40),
  );
});

test('a handler may emit ten thousand events; all of them leave with its acknowledgement, in order', async () => {
  const first = loose(b.service('first', stage()));
  first.on('ring', () => {});
  first.on('tick', (_e, ctx) => {
    for (const n of range(1, 10_000)) ctx.emit('made', { n });
  });
  await feed(b, 'clock', [1]);
  await first.start();
  await until('all', async () => (await b.redis.xlen(b.names.stream('first'))) === 10_000);
  assert.deepEqual(await made(b), range(1, 10_000));
});

test('an emit outside of a handler: declared and well-formed, or refused before anything is written', async () => {
  const first = loose(b.service('first', stage()));
  first.on('tick', () => {});
  first.on('ring', () => {});
  await assert.rejects(first.emit('made', { n: 1 }), /is not started/);
  await first.start();
  const id = await first.emit('made', { n: 1 });
  assert.deepEqual(
    (await onChannel(b, 'first')).map((e) => [e.id, e.n]),
    [[id, 1]],
  );
  await assert.rejects(first.emit('made', { n: 'one' }), /"made" does not fit its schema: n:/);
  await assert.rejects(first.emit('done', { n: 1 }), /may not emit "done"/);
  assert.equal((await onChannel(b, 'first')).length, 1);
});

test('rubbish that a handler emits is a dead letter that names the field, and nothing leaves', async () => {
  const first = loose(b.service('first', stage()));
  let ran = 0;
  first.on('ring', () => {});
  first.on('tick', (_e, ctx) => {
    ran++;
    ctx.emit('made', { n: 1 });
    ctx.emit('made', { n: 'two' });
  });
  await feed(b, 'clock', [1]);
  await first.start();
  await until('a letter', async () => (await letters()).length === 1);
  assert.match((await letters())[0]!.reason, /^event "made" does not fit its schema: n: /);
  assert.equal(ran, 1, 'no attempt more: it will never fit');
  assert.deepEqual(await made(b), []);
});

test('rubbish that is received is a dead letter that names every field, and the handler does not see it', async () => {
  const first = loose(b.service('first', stage({ required: ['batch_id'] })));
  const seen: number[] = [];
  first.on('ring', () => {});
  first.on('tick', (e) => void seen.push(e.n));
  const put = (event: object): Promise<unknown> =>
    b.redis.xadd(b.names.stream('clock'), '*', 'e', JSON.stringify(event));
  const good = { event: 'tick', correlation_id: 'c', timestamp: new Date().toISOString(), batch_id: 'b' };
  await put({ ...good, id: '1', n: 'x', timestamp: 'yesterday' });
  await put({ ...good, id: '2', n: 2, batch_id: undefined });
  await put({ ...good, id: '3', n: 3, event: 7 });
  await put({ ...good, id: '4', n: 4 });
  await first.start();
  await until('the good one', () => seen.length > 0);
  await until('letters', async () => (await letters()).length === 3);
  assert.deepEqual(seen, [4]);
  const reasons = (await letters()).map((l) => l.reason).join('\n');
  assert.match(reasons, /timestamp: .*n: |n: .*timestamp: /);
  assert.match(reasons, /"tick" lacks required batch_id/);
  assert.match(reasons, /field "event" is missing/);
});

test('a dead letter has every field, and what tells of it belongs to the same run', async () => {
  const first = loose(b.service('first', stage({ attempts: 2 })));
  first.on('ring', () => {});
  first.on('tick', () => {
    throw new Error('no room on "device"\nleft 🦉');
  });
  await feed(b, 'clock', [5], { batch_id: 'b5' });
  await first.start();
  await until('a letter', async () => (await letters()).length === 1);
  const [letter] = await letters();
  const [event] = await onChannel(b, 'clock');
  const { id, at, stack, ...rest } = letter!;
  assert.deepEqual(rest, {
    service: 'first',
    channel: 'clock',
    event: 'tick',
    reason: 'no room on "device"\nleft 🦉',
    attempts: 2,
    handler: 'first/tick',
    payload: JSON.stringify(event),
  });
  assert.match(stack, /emit\.test\.ts/);
  assert.ok(id !== '' && !Number.isNaN(Date.parse(at)));
  const [failed, ...others] = (await onChannel(b, 'first')).filter((e) => e.event === 'first_failed');
  assert.deepEqual(others, []);
  const told = ['failed_event', 'failed_id', 'reason', 'attempts', 'correlation_id', 'batch_id'];
  assert.deepEqual(
    told.map((field) => failed![field]),
    ['tick', event!.id, rest.reason, 2, event!.correlation_id, 'b5'],
  );
});

test('correlation() is the same within all that a handler awaits, of its own event, and undefined outside', async () => {
  const first = loose(b.service('first', stage({ concurrency: 4 })));
  const wrong: string[] = [];
  let done = 0;
  const look = async (e: Event): Promise<void> => {
    for (let i = 0; i < 3; i++) {
      const about = correlation();
      const right =
        about?.eventId === e.id && about.correlationId === e.correlation_id && about.event === 'tick';
      if (!right || about.batchId !== e['batch_id']) wrong.push(JSON.stringify(about));
      await new Promise((resolve) => setTimeout(resolve, e.n % 4));
    }
  };
  first.on('ring', () => {});
  first.on('tick', async (e) => {
    await Promise.all([look(e), look(e)]);
    done++;
    if (e.n === 7) throw new Permanent('this one fails');
  });
  await feed(b, 'clock', range(1, 20), { batch_id: 'b' });
  await first.start();
  await until('all', () => done === 20);
  assert.deepEqual(wrong, []);
  assert.equal(correlation(), undefined);
});

test('trace context without an SDK: a valid traceparent passes through, an invalid one is left out', async () => {
  const first = loose(b.service('first', stage()));
  first.on('ring', () => {});
  first.on('tick', (e, ctx) => ctx.emit('made', { n: e.n }));
  const good = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await feed(b, 'clock', [1], { traceparent: good });
  const bad = [
    'rubbish',
    good.replace('0af7651916cd43dd8448eb211c80319c', '0'.repeat(32)),
    `ff${good.slice(2)}`,
  ];
  for (const [i, traceparent] of bad.entries()) await feed(b, 'clock', [i + 2], { traceparent });
  await first.start();
  await until('all', async () => (await made(b)).length === 4);
  const out = (await onChannel(b, 'first')).map((e) => e['traceparent']);
  assert.deepEqual(out, [good, undefined, undefined, undefined]);
});
