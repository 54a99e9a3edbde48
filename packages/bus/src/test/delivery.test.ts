import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, dropDead, listDead, Permanent, replayDead, RetryLater } from '../index.ts';
import { bench, until } from './harness.ts';
import { found } from './found.ts';

let b: Awaited<ReturnType<typeof bench>>;
beforeEach(async () => (b = await bench()));
afterEach(() => b.close());

// The events of this suite are not AFK's own, whose names are what the typed API knows.
type Loose = {
  on(event: string, handler: (event: { n: number; id: string }, ctx: LooseContext) => unknown): void;
};
type LooseContext = { emit(event: string, fields: object): void; attempt: number; signal: AbortSignal };
const loose = (service: unknown): Loose & { start(): Promise<void>; close(): Promise<void> } =>
  service as never;

async function line(received: number[]): Promise<void> {
  const first = loose(b.service('first'));
  first.on('tick', (event, ctx) => ctx.emit('made', { n: event.n }));
  const second = b.service('second');
  loose(second).on('made', (event, ctx) => {
    received.push(event.n);
    ctx.emit('done', { n: event.n });
  });
  second.serve('splade_search', async () => found());
  await first.start();
  await second.start();
}

test('a bare publish runs through the line, with one correlation id from end to end', async () => {
  const heard = await b.listen();
  const received: number[] = [];
  await line(received);
  await b.publish('clock', '{"event":"tick","n":7}');
  await until('done', () => heard.some((h) => h.text.includes('"done"')));
  assert.deepEqual(received, [7]);
  const events = heard.map((h) => JSON.parse(h.text)).filter((e) => e.id);
  assert.deepEqual(
    events.map((e) => e.event),
    ['tick', 'made', 'done'],
  );
  assert.equal(new Set(events.map((e) => e.correlation_id)).size, 1);
  assert.equal(events[0].correlation_id, events[0].id);
  assert.equal(heard.at(-1)!.channel, `${b.env}-second`);
});

test('many listeners adopt a bare publish once', async () => {
  let ran = 0;
  for (let i = 0; i < 4; i++) {
    const first = loose(b.service('first'));
    first.on('tick', () => void ran++);
    await first.start();
  }
  for (let n = 0; n < 20; n++) await b.publish('clock', `{"event":"tick","n":${n}}`);
  await until('20 events', () => ran >= 20);
  await sleep(200);
  assert.equal(ran, 20);
  assert.equal(await b.redis.xlen(b.names.stream('clock')), 20);
});

test('another environment on the same Redis hears nothing', async () => {
  const other = await bench();
  try {
    let ran = 0;
    const mine = loose(b.service('first'));
    mine.on('tick', () => void ran++);
    await mine.start();
    await other.publish('clock', '{"event":"tick"}');
    await b.publish('clock', '{"event":"tick"}');
    await until('one', () => ran > 0);
    await sleep(100);
    assert.equal(ran, 1);
  } finally {
    await other.close();
  }
});

test('a handler that throws is tried again after a while, and leaks no output of the failed attempt', async () => {
  const heard = await b.listen();
  const attempts: number[] = [];
  const first = loose(b.service('first'));
  first.on('tick', (_event, ctx) => {
    attempts.push(ctx.attempt);
    ctx.emit('made', { n: ctx.attempt });
    if (ctx.attempt === 1) throw new RetryLater(60);
    if (ctx.attempt === 2) throw new Error('not yet');
  });
  await first.start();
  await b.publish('clock', '{"event":"tick"}');
  await until('made', () => heard.some((h) => h.text.includes('"made"')));
  assert.deepEqual(attempts, [1, 2, 3]);
  const made = heard.filter((h) => h.text.includes('"made"')).map((h) => JSON.parse(h.text).n);
  assert.deepEqual(made, [3]);
  assert.equal((await b.redis.xpending(b.names.stream('clock'), 'first'))[0], 0);
});

test('attempts used up: a dead letter that tells why, a failed event, and a replay to that service', async () => {
  const heard = await b.listen();
  let broken = true;
  const first = loose(b.service('first'));
  first.on('tick', (_event, ctx) => {
    if (broken) throw new Error('the disk is full');
    ctx.emit('made', { n: 1 });
  });
  await first.start();
  await b.publish('clock', '{"event":"tick"}');
  await until('a dead letter', async () => (await listDead(b.redis, b.names, ['first'])).length === 1);
  const [letter] = await listDead(b.redis, b.names, ['first']);
  assert.equal(letter!.reason, 'the disk is full');
  assert.equal(letter!.attempts, 3);
  assert.equal(letter!.handler, 'first/tick');
  assert.match(letter!.stack, /delivery\.test/);
  const failed = JSON.parse(heard.find((h) => h.text.includes('first_failed'))!.text);
  assert.equal(failed.failed_event, 'tick');
  assert.equal(failed.correlation_id, JSON.parse(letter!.payload).correlation_id);

  broken = false;
  assert.equal(await replayDead(b.redis, b.names, 'first', letter!.id), true);
  await until('made', () => heard.some((h) => h.text.includes('"made"')));
  assert.equal((await listDead(b.redis, b.names, ['first'])).length, 0);
  assert.equal(await replayDead(b.redis, b.names, 'first', letter!.id), false);
});

test('Permanent is a dead letter at once, and can be dropped', async () => {
  let ran = 0;
  const first = loose(b.service('first'));
  first.on('tick', () => {
    ran++;
    throw new Permanent('no such feed');
  });
  await first.start();
  await b.publish('clock', '{"event":"tick"}');
  await until('a dead letter', async () => (await listDead(b.redis, b.names, ['first'])).length === 1);
  assert.equal(ran, 1);
  const [letter] = await listDead(b.redis, b.names, ['first']);
  assert.equal(await dropDead(b.redis, b.names, 'first', letter!.id), true);
  assert.equal((await listDead(b.redis, b.names, ['first'])).length, 0);
});

test('rubbish on a channel is one dead letter over two listeners, and the next event is served', async () => {
  let ran = 0;
  for (let i = 0; i < 2; i++) {
    const first = loose(b.service('first'));
    first.on('tick', () => void ran++);
    await first.start();
  }
  for (const text of ['nonsense {', '[1,2]', '{"event":"unheard-of"}', '{"event":"tick","n":"seven"}']) {
    await b.publish('clock', text);
  }
  await b.publish('clock', '{"event":"tick"}');
  await until('the good one', () => ran === 1);
  const letters = await listDead(b.redis, b.names, ['first']);
  assert.deepEqual(letters.map((l) => l.reason.slice(0, 34)).sort(), [
    '"unheard-of" is no event of channe',
    'event "tick" does not fit its sche',
    'not JSON: "nonsense {"',
    'not a JSON object: "[1,2]"',
  ]);
  assert.equal(b.log.lines.filter((l) => l.includes('dead letter: unreadable')).length, 4);
});

test('what a dead worker held is done by another when its lease has run out', async () => {
  const dying = await connect(b.redisUrl, 'command', 'dying');
  await b.redis.xgroup('CREATE', b.names.stream('clock'), 'first', '0', 'MKSTREAM');
  const event = { event: 'tick', id: 'e1', correlation_id: 'c1', timestamp: new Date().toISOString(), n: 3 };
  await b.redis.xadd(b.names.stream('clock'), '*', 'e', JSON.stringify(event));
  await dying.xreadgroup('GROUP', 'first', 'gone', 'STREAMS', b.names.stream('clock'), '>');
  dying.disconnect();
  const seen: number[] = [];
  const first = loose(b.service('first', { leaseMs: 300 }));
  first.on('tick', (e, ctx) => void seen.push(e.n, ctx.attempt));
  await first.start();
  await until('the orphan', () => seen.length > 0);
  assert.deepEqual(seen, [3, 2]);
});

test('a handler longer than its lease keeps it', async () => {
  const started: number[] = [];
  for (let i = 0; i < 2; i++) {
    const first = loose(b.service('first', { leaseMs: 300 }));
    first.on('tick', async (e, ctx) => {
      started.push(e.n);
      await sleep(1200);
      ctx.emit('made', { n: e.n });
    });
    await first.start();
  }
  await b.publish('clock', '{"event":"tick","n":1}');
  await until('made', async () => (await b.redis.xlen(b.names.stream('first'))) === 1);
  assert.deepEqual(started, [1]);
});

test('a destroyed consumer group is made again; nothing is lost and nothing emitted twice', async () => {
  const received: number[] = [];
  await line(received);
  await b.publish('clock', '{"event":"tick","n":1}');
  await until('the first', () => received.length === 1);
  await b.redis.xgroup('DESTROY', b.names.stream('clock'), 'first');
  await b.publish('clock', '{"event":"tick","n":2}');
  await until('the second', () => received.includes(2));
  await sleep(300);
  assert.deepEqual(received, [1, 2], 'the re-run of the first must not be emitted again');
});

test('a stop lets the handler in hand finish', async () => {
  const first = loose(b.service('first'));
  let began = false;
  first.on('tick', async (_e, ctx) => {
    began = true;
    await sleep(400);
    ctx.emit('made', { n: 1 });
  });
  await first.start();
  await b.publish('clock', '{"event":"tick"}');
  await until('the handler to begin', () => began);
  await first.close();
  assert.equal(await b.redis.xlen(b.names.stream('first')), 1);
  assert.equal((await b.redis.xpending(b.names.stream('clock'), 'first'))[0], 0);
});

test('never more in hand than the concurrency', async () => {
  let now = 0;
  let most = 0;
  let total = 0;
  const second = b.service('second');
  loose(second).on('made', async () => {
    most = Math.max(most, ++now);
    await sleep(20);
    now--;
    total++;
  });
  second.serve('splade_search', async () => ({}));
  await second.start();
  for (let n = 0; n < 24; n++) {
    const event = { event: 'made', id: `e${n}`, correlation_id: 'c', timestamp: new Date().toISOString(), n };
    await b.redis.xadd(b.names.stream('first'), '*', 'e', JSON.stringify(event));
  }
  await until('all', () => total === 24);
  assert.equal(most, 4);
});

test('wiring that does not fit the pipeline stops the start, naming what is wrong', async () => {
  const first = loose(b.service('first'));
  await assert.rejects(first.start(), /subscribes to "tick", but has no handler/);
  const other = loose(b.service('first'));
  other.on('tick', () => {});
  other.on('made', () => {});
  await assert.rejects(other.start(), /handles "made", but does not subscribe to it/);
  assert.throws(() => b.service('nobody'), /no service "nobody" in pipeline.json/);
  const undeclared = loose(b.service('first'));
  undeclared.on('tick', (_e, ctx) => ctx.emit('done', { n: 1 }));
  await undeclared.start();
  await b.publish('clock', '{"event":"tick"}');
  await until('a dead letter', async () => (await listDead(b.redis, b.names, ['first'])).length === 1);
  assert.match((await listDead(b.redis, b.names, ['first']))[0]!.reason, /may not emit "done"/);
});

test('a listener that stood still does not adopt again what another had adopted', async () => {
  let ran = 0;
  const first = loose(b.service('first'));
  first.on('tick', () => void ran++);
  await first.start();
  // Another process, which is stopped while the message comes.
  const script = join(import.meta.dirname, 'late-listener.ts');
  const late = spawn(process.execPath, [script, b.redisUrl, b.env], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(late.stdout, 'data');
    late.kill('SIGSTOP');
    await b.publish('clock', '{"event":"tick"}');
    await sleep(3000);
    late.kill('SIGCONT');
    await sleep(1000);
    assert.equal(await b.redis.xlen(b.names.stream('clock')), 1);
    await b.publish('clock', '{"event":"tick"}');
    await until('a repeat that is meant', async () => (await b.redis.xlen(b.names.stream('clock'))) === 2);
  } finally {
    late.kill('SIGKILL');
  }
});

test('what needs a server that is away is tried far longer than what fails by itself', async () => {
  let attempts = 0;
  const first = loose(b.service('first'));
  first.on('tick', (_event, ctx) => {
    attempts = ctx.attempt;
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    if (ctx.attempt < 8) throw new Error('saving failed', { cause: away });
    ctx.emit('made', { n: 1 });
  });
  await first.start();
  await b.publish('clock', '{"event":"tick"}');
  await until('made', async () => (await b.redis.xlen(b.names.stream('first'))) === 1);
  assert.equal(attempts, 8, 'the policy has 3 attempts');
});

test('a replayed letter is never gone without a trace', async () => {
  const heard = await b.listen();
  const first = loose(b.service('first'));
  first.on('tick', (event, ctx) => ctx.emit('made', { n: event.n }));
  await first.start();
  await b.publish('clock', '{"event":"nonsense"}');
  await b.publish('clock', '{"event":"tick","n":"seven"}');
  await until('two letters', async () => (await listDead(b.redis, b.names, ['first'])).length === 2);
  for (const l of await listDead(b.redis, b.names, ['first']))
    await replayDead(b.redis, b.names, 'first', l.id);
  await until('both are back', async () => (await listDead(b.redis, b.names, ['first'])).length === 2);
  const reasons = (await listDead(b.redis, b.names, ['first'])).map((l) => l.reason).join('|');
  assert.match(reasons, /"nonsense" is no event of this service/);
  await b.redis.xadd(b.names.dead('first'), '*', 'payload', '{"event":"tick","n":5}', 'attempts', '0');
  const bare = (await listDead(b.redis, b.names, ['first'])).find((l) => l.reason === '');
  await replayDead(b.redis, b.names, 'first', bare!.id);
  await until('the bare one is handled', () =>
    heard.some((h) => h.text.includes('"n":5') && h.text.includes('"made"')),
  );
});

test('garbage that quotes an error of Redis is a dead letter like any other', async () => {
  const first = loose(b.service('first'));
  first.on('tick', () => {});
  await first.start();
  await b.publish('clock', '{"event":"Connection refused"}');
  await b.publish('clock', 'rubbish READONLY');
  await until('two letters', async () => (await listDead(b.redis, b.names, ['first'])).length === 2);
});

test('a consumer that ends leaves no name behind in its groups', async () => {
  for (let i = 0; i < 3; i++) {
    const first = loose(b.service('first'));
    first.on('tick', () => {});
    await first.start();
    await b.publish('clock', `{"event":"tick","n":${i}}`);
    await until('handled', async () => (await b.redis.xpending(b.names.stream('clock'), 'first'))[0] === 0);
    await sleep(100);
    await first.close();
  }
  assert.equal(((await b.redis.xinfo('CONSUMERS', b.names.stream('clock'), 'first')) as unknown[]).length, 0);
});

test('FLUSHALL under a handler: what it emits is not lost with its input', async () => {
  const first = loose(b.service('first'));
  let began = false;
  first.on('tick', async (_event, ctx) => {
    began = true;
    await sleep(300);
    ctx.emit('made', { n: 1 });
  });
  await first.start();
  await b.publish('clock', '{"event":"tick"}');
  await until('the handler to begin', () => began);
  await b.redis.del(b.names.stream('clock'), b.names.inbox('first'));
  await until('made', async () => (await b.redis.xlen(b.names.stream('first'))) === 1);
});
