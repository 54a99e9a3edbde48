import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RedisTransport } from '../redis/transport.ts';
import type { Entry, Member } from '../transport.ts';
import { bench, pipeline, until } from './harness.ts';

/** A member of the group of "first" on channel "clock", with six events in hand. */
async function sixInHand() {
  const b = await bench();
  const transport = await RedisTransport.open({ ...b, pipeline, label: 'test' });
  const join = { service: 'first', consumer: 'one', channels: ['clock'], leaseMs: 60_000 };
  const member = await transport.join(join);
  const event = (n: number) => ({ event: 'tick', id: `e${n}`, json: `{"event":"tick","n":${n}}` });
  await transport.emit('clock', [1, 2, 3, 4, 5, 6].map(event));
  const entries = await member.read(20, 1000);
  assert.equal(entries.length, 6);
  return {
    member,
    entries,
    numberOf,
    async finish(some: readonly Entry[]): Promise<void> {
      const outputs = (e: Entry) => [{ event: 'made', id: e.id, json: `{"n":${numberOf(e)}}` }];
      await member.finish(some.map((entry) => ({ entry, outputs: outputs(entry) })));
    },
    destroy: () => b.redis.xgroup('DESTROY', b.names.stream('clock'), 'first'),
    async emitted(): Promise<number[]> {
      const made = await b.redis.xrange(b.names.stream('first'), '-', '+');
      return made.map(([, [, json]]) => (JSON.parse(json!) as { n: number }).n);
    },
    async close(): Promise<void> {
      member.stop();
      await transport.close();
      await b.close();
    },
  };
}

const numberOf = (e: Entry): number => (JSON.parse(e.payload) as { n: number }).n;

/** Reads until as many came, past the error that tells of the group. */
async function readAgain(member: Member, count: number): Promise<Entry[]> {
  const got: Entry[] = [];
  await until(`${count} entries`, async () => {
    got.push(...(await member.read(20, 100).catch(() => [])));
    return got.length >= count;
  });
  return got;
}

test('a group made again: what was postponed and finishes first hides nothing that is not done', async () => {
  const s = await sixInHand();
  try {
    const [e1, , e3, e4, e5, e6] = s.entries as [Entry, Entry, Entry, Entry, Entry, Entry];
    await s.finish([e1, e3, e4, e6]);
    await s.member.postpone(e5, 0);
    // 2 is in hand, 5 waits for its next attempt, the others are done: 3, 4 and 6 ahead of 2.
    await s.destroy();
    const [postponed] = await readAgain(s.member, 1);
    assert.equal(s.numberOf(postponed!), 5);
    await s.finish([postponed!]);
    // Once more, while 2 is not done yet and comes again with all that follows it.
    await s.destroy();
    const again = await readAgain(s.member, 5);
    assert.deepEqual(again.map(s.numberOf), [2, 3, 4, 5, 6]);
    await s.finish(again);
    assert.deepEqual((await s.emitted()).toSorted(), [1, 2, 3, 4, 5, 6]);
  } finally {
    await s.close();
  }
});

test('a group made again: what was done, and fails this time, is not done twice', async () => {
  const s = await sixInHand();
  try {
    await s.finish(s.entries.slice(1));
    await s.destroy();
    const [first, second, third, ...others] = await readAgain(s.member, 6);
    // 2 fails as it runs again, 3 is handed back as the worker stops; the rest is finished meanwhile.
    assert.equal(await s.member.postpone(second!, 0), false, 'it has been done');
    await s.member.release([third!]);
    await s.finish([first!, ...others]);
    assert.deepEqual(await s.member.read(20, 200), []);
    assert.deepEqual((await s.emitted()).toSorted(), [1, 2, 3, 4, 5, 6]);
  } finally {
    await s.close();
  }
});

test('a group made again begins after what is finished, not at the beginning', async () => {
  const s = await sixInHand();
  try {
    await s.finish(s.entries.slice(0, 4));
    await s.destroy();
    const again = await readAgain(s.member, 2);
    assert.deepEqual(again.map(s.numberOf), [5, 6]);
    await s.finish(again);
    // And what an earlier hand still tells, having been slow, has no effect.
    await s.finish(s.entries);
    assert.deepEqual(await s.emitted(), [1, 2, 3, 4, 5, 6]);
  } finally {
    await s.close();
  }
});

test('a stream deleted and made again under a handler: what it has in hand goes out, once', async () => {
  const b = await bench();
  const transport = await RedisTransport.open({ ...b, pipeline, label: 'test' });
  try {
    const join = { service: 'first', consumer: 'one', channels: ['clock'], leaseMs: 60_000 };
    const member = await transport.join(join);
    await transport.emit('clock', [{ event: 'tick', id: 'e1', json: '{"event":"tick","n":1}' }]);
    const [entry] = await member.read(1, 1000);
    await b.redis.del(b.names.stream('clock'));
    await transport.emit('clock', [{ event: 'tick', id: 'e2', json: '{"event":"tick","n":2}' }]);
    const finished = [{ entry: entry!, outputs: [{ event: 'made', id: 'm1', json: '{"n":1}' }] }];
    assert.deepEqual(await member.finish(finished), []);
    assert.deepEqual(await member.finish(finished), [entry], 'told again, it counts once');
    assert.equal(await b.redis.xlen(b.names.stream('first')), 1);
    assert.equal(numberOf((await readAgain(member, 1))[0]!), 2);
    member.stop();
  } finally {
    await transport.close();
    await b.close();
  }
});
