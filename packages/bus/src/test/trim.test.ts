import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trimStreams } from '../index.ts';
import { bench, pipeline } from './harness.ts';

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
