import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { connect, DeadlineExceeded, RequestFailed, Unavailable, type Requester } from '../index.ts';
import { asker, bench, until } from './harness.ts';
import { found } from './found.ts';

let b: Awaited<ReturnType<typeof bench>>;
let requester: Requester;
beforeEach(async () => {
  b = await bench();
  requester = await asker(b, 'test');
});
afterEach(async () => {
  await requester.close();
  await b.close();
});

async function replica(answer: (input: { query: string }) => Promise<unknown>): Promise<void> {
  const second = b.service('second');
  (second as unknown as { on(e: string, h: () => void): void }).on('made', () => {});
  second.serve('splade_search', answer as never);
  await second.start();
}

test('one of two replicas answers each request', async () => {
  const served: string[] = [];
  for (const name of ['a', 'b']) {
    await replica(async ({ query }) => {
      served.push(query);
      return found(`${name}:${query}`);
    });
  }
  const queries = Array.from({ length: 30 }, (_, i) => `q${i}`);
  const replies = await Promise.all(queries.map((query) => requester.ask('splade_search', { query })));
  assert.deepEqual(served.toSorted(), queries.toSorted());
  replies.forEach((r, i) => assert.equal(r.hits[0]!.id.split(':')[1], `q${i}`));
});

test('nobody serving is told at once, before and after somebody did', async () => {
  const started = performance.now();
  await assert.rejects(requester.ask('splade_search', { query: 'x' }), Unavailable);
  assert.ok(performance.now() - started < 1000, 'not by a time-out');
  await replica(async () => found('1'));
  await requester.ask('splade_search', { query: 'x' });
});

test('a deadline ends the wait; a failure of the server is told in its words', async () => {
  await replica(async ({ query }) => {
    if (query === 'slow') await new Promise((r) => setTimeout(r, 600));
    if (query === 'bad') throw new Error('the index is on fire');
    return found('1');
  });
  await assert.rejects(
    requester.ask('splade_search', { query: 'slow' }, { deadlineMs: 150 }),
    DeadlineExceeded,
  );
  await assert.rejects(requester.ask('splade_search', { query: 'bad' }), (e: Error) => {
    assert.ok(e instanceof RequestFailed);
    assert.equal(e.message, 'the index is on fire');
    return true;
  });
  assert.equal((await requester.ask('splade_search', { query: 'good' })).hits.length, 1);
});

test('a foreign client that only knows pub/sub gets its answer', async () => {
  await replica(async ({ query }) => found(query));
  const foreign = await connect(b.redisUrl, 'subscriber', 'foreign');
  const replies: string[] = [];
  foreign.on('message', (_c: string, text: string) => replies.push(text));
  await foreign.subscribe(`${b.env}-splade_search:response:their-own-id`);
  await b.publish('splade_search', '{"correlation_id":"their-own-id","query":"plosser"}');
  await until('the reply', () => replies.length > 0);
  foreign.disconnect();
  assert.equal(JSON.parse(replies[0]!).result.hits[0].id, 'plosser');
  assert.equal(JSON.parse(replies[0]!).correlation_id, 'their-own-id');
});
