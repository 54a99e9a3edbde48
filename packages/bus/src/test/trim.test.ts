import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { RetryLater, trimStreams } from '../index.ts';
import { bench, pipeline, until } from './harness.ts';
import { feed, loose, made, range, stage } from './stage.ts';

test('a stream is trimmed to what its groups have finished, and no further', async () => {
  const b = await bench();
  try {
    const stream = b.names.stream('clock');
    const options = { redis: b.redis, names: b.names, pipeline, log: b.log, retentionMs: 0 };
    for (let n = 1; n <= 10; n++) await b.redis.xadd(stream, `${n}-0`, 'e', '{}');
    await trimStreams(options);
    assert.equal(
      await b.redis.xlen(stream),
      10,
      'the group of "first" does not exist yet: it needs everything',
    );

    await b.redis.xgroup('CREATE', stream, 'first', '0');
    await b.redis.xreadgroup('GROUP', 'first', 'c', 'COUNT', 8, 'STREAMS', stream, '>');
    await b.redis.xack(stream, 'first', '1-0', '2-0', '3-0', '5-0');
    await trimStreams(options);
    const left = (await b.redis.xrange(stream, '-', '+')).map(([id]) => id);
    assert.equal(left[0], '4-0', 'the lowest that is pending stays, and all after it');
    assert.equal(left.length, 7);

    await trimStreams({ ...options, retentionMs: Date.now() + 1000 });
    assert.equal(await b.redis.xlen(stream), 7, 'within the retention nothing goes');
  } finally {
    await b.close();
  }
});

/** A bench with `count` entries on `clock`, of which the group of `first` has taken so many. */
async function filled(count: number, taken: number): Promise<Awaited<ReturnType<typeof bench>>> {
  const b = await bench();
  const stream = b.names.stream('clock');
  await feed(b, 'clock', range(1, count));
  await b.redis.xgroup('CREATE', stream, 'first', '0');
  if (taken > 0) await b.redis.xreadgroup('GROUP', 'first', 'c', 'COUNT', taken, 'STREAMS', stream, '>');
  return b;
}

test('what is finished stays readable, as many as are kept; what is pending stays however many', async () => {
  const b = await filled(1000, 1000);
  try {
    const { redis, names, log } = b;
    const stream = names.stream('clock');
    const options = { redis, names, pipeline, log, keep: 300 };
    const ids = (await redis.xrange(stream, '-', '+')).map(([id]) => id);
    await trimStreams(options);
    assert.equal(await redis.xlen(stream), 1000, 'all are pending');
    await redis.xack(stream, 'first', ...ids.slice(0, 500));
    await trimStreams(options);
    const left = (await redis.xrange(stream, '-', '+')).map(([id]) => id);
    assert.deepEqual(left.slice(-500), ids.slice(500), 'what is needed');
    assert.ok(left.length < 1000, 'and less than before of what is not');
    await redis.xack(stream, 'first', ...ids);
    await trimStreams(options);
    const kept = await redis.xlen(stream);
    // Whole nodes of a stream are removed, of a hundred entries.
    assert.ok(kept >= 300 && kept <= 400, `${kept} kept`);
  } finally {
    await b.close();
  }
});

test('a stream beyond its limit is an error in the log that names the group; nothing goes', async () => {
  const b = await filled(60, 20);
  try {
    const { redis, names, log } = b;
    await trimStreams({ redis, names, pipeline, log, retentionMs: 0, keep: 0, alarmAbove: 50 });
    assert.equal(await redis.xlen(names.stream('clock')), 60);
    const alarms = log.lines.filter((l) => l.startsWith('error'));
    assert.equal(alarms.length, 1);
    assert.match(alarms[0]!, /grows beyond its limit.*"entries":60.*"neededBy":"first"/);
    await trimStreams({ redis, names, pipeline, log, retentionMs: 0, keep: 0, alarmAbove: 60 });
    assert.equal(log.lines.filter((l) => l.startsWith('error')).length, 1, 'not at the limit');
  } finally {
    await b.close();
  }
});

test('trimming as hard as it can under load takes nothing from a service, nor what waits for a retry', async () => {
  const b = await bench();
  try {
    const settings = stage({ concurrency: 4 });
    const first = loose(b.service('first', settings));
    first.on('ring', () => {});
    first.on('tick', async (e, ctx) => {
      if (e.n % 50 === 1 && ctx.attempt === 1) throw new RetryLater(300);
      await sleep(e.n % 2);
      ctx.emit('made', { n: e.n });
    });
    await feed(b, 'clock', range(1, 1000));
    await first.start();
    const { redis, names, log } = b;
    // What is made is read by nobody, and looked at below: that channel is left out of the trimming.
    const services = { first: { ...settings.pipeline.services['first']!, publishes: [] } };
    const options = { redis, names, log, retentionMs: 0, keep: 0 };
    const trimming = (): Promise<void> =>
      trimStreams({ ...options, pipeline: { ...settings.pipeline, services } });
    await until('all', async () => {
      await trimming();
      return (await redis.xlen(names.stream('first'))) >= 1000;
    });
    assert.deepEqual(
      (await made(b)).toSorted((x, y) => x - y),
      range(1, 1000),
    );
    await until('trimmed', async () => {
      await trimming();
      return (await redis.xlen(names.stream('clock'))) <= 1;
    });
  } finally {
    await b.close();
  }
});
