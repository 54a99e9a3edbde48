import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { bm25Encoder } from '@afk/encoders';
import { QdrantClient } from '@qdrant/js-client-rest';
import { fixedSource } from './encoders/source.ts';
import { bench } from './testing/bench.ts';
import { demoHeadlines } from './testing/demo.ts';
import { headline, headlineId, manyHeadlines, numberOf } from './testing/headlines.ts';
import { remote } from './testing/remote.ts';

let b: Awaited<ReturnType<typeof bench>>;
beforeEach(async () => (b = await bench()));
afterEach(() => b.close());

const index = async () => (await b.classified())();
const collections = async (): Promise<string[]> => {
  const client = new QdrantClient({ url: b.qdrant.url, checkCompatibility: false });
  return (await client.getCollections()).collections.map((c) => c.name);
};

/** Searches until it is told to stop. @returns the encoders that answered, in order, each once */
function searching(query: string, least: number) {
  let going = true;
  const seen: string[] = [];
  const done = (async () => {
    while (going) {
      const { hits, encoder } = await b.ask({ query, collapse: false });
      assert.ok(hits.length >= least, `${hits.length} hits of ${JSON.stringify(encoder)}`);
      const who = `${encoder.sparse} ${encoder.dense}`;
      if (seen.at(-1) !== who) seen.push(who);
    }
    return seen;
  })();
  return async (): Promise<string[]> => {
    going = false;
    return done;
  };
}

test('with headlines enough, meaning joins in: a headline is found that has none of the words', async () => {
  const { rebuilder } = await b.start();
  const headlines = demoHeadlines();
  await b.store(headlines);
  const stop = searching('strike', 0);
  assert.equal((await index())['count'], headlines.length);
  await rebuilder.idle();
  assert.match((await stop()).at(-1)!, /bm25-.* lsa-/);
  const { hits } = await b.ask({ query: 'strike', collapse: false, limit: 100 });
  const titles = new Map(headlines.map((h) => [h.id, h.title]));
  const byMeaning = hits.filter((hit) => hit.sparse_rank === null).map((hit) => titles.get(hit.id));
  assert.ok(
    byMeaning.includes('Mediator appointed in Brackenport refinery pension dispute'),
    byMeaning.join(),
  );
  assert.ok(hits.some((hit) => hit.sparse_rank !== null && hit.dense_rank !== null));
  assert.equal((await collections()).length, 1, 'the index without meaning is gone');
  assert.equal((await index())['total'], headlines.length);
});

test('another version of the encoder: indexed anew, and search goes on finding meanwhile', async () => {
  const first = await b.start();
  await b.store(manyHeadlines(1500));
  await index();
  await first.rebuilder.idle();
  const before = await collections();
  const { rebuilder } = await b.start({ sparse: bm25Encoder({ k1: 1.7 }) });
  const stop = searching('whale', 20);
  await rebuilder.idle();
  await sleep(20);
  const encoders = await stop();
  assert.match(encoders.at(-1)!, /k1=1\.7.* lsa-/);
  const left = await collections();
  assert.equal(left.length, 1);
  assert.ok(!before.includes(left[0]!));
  const answer = await index();
  assert.deepEqual([answer['count'], answer['total']], [0, 1500]);
});

test('what is new while the index is rebuilt is found before and after', async () => {
  const first = await b.start({ source: fixedSource(bm25Encoder()) });
  await b.store(manyHeadlines(600));
  await index();
  await first.rebuilder.idle();
  const { rebuilder } = await b.start();
  await b.store([headline(9001, 'A zeppelin over the harbour')]);
  await index();
  assert.deepEqual((await b.ask({ query: 'zeppelin' })).hits.map(numberOf), [9001]);
  await rebuilder.idle();
  const { hits, encoder } = await b.ask({ query: 'zeppelin harbour', collapse: false });
  assert.deepEqual([numberOf(hits[0]!), encoder.dense !== null], [9001, true]);
  assert.equal((await index())['total'], 601);
});

test('a server of embeddings that is away: found by words, said so; back again, indexed whole', async () => {
  const encoder = remote('1', 4);
  const source = fixedSource(bm25Encoder(), async () => encoder);
  const { rebuilder } = await b.start({ source });
  await b.store(manyHeadlines(300));
  await index();
  await rebuilder.idle();
  assert.equal((await b.ask({ query: 'whale' })).encoder.dense, 'remote-1');

  encoder.away = true;
  await b.store([headline(9001, 'A zeppelin over the harbour')]);
  const partial = await index();
  assert.deepEqual([partial['status'], partial['count']], ['partial', 1]);
  const reply = await b.ask({ query: 'zeppelin' });
  assert.deepEqual([reply.hits.map(numberOf), reply.encoder.dense], [[9001], null]);
  assert.match(reply.notes[0]!, /remote-1.*found by words alone/);

  encoder.away = false;
  const whole = await index();
  assert.deepEqual([whole['status'], whole['total']], ['ok', 301]);
  const client = new QdrantClient({ url: b.qdrant.url, checkCompatibility: false });
  const [point] = await client.retrieve((await collections())[0]!, {
    ids: [headlineId(9001)],
    with_vector: true,
  });
  assert.ok('meaning' in (point!.vector as object), 'it has its dense vector now');
});

test('two replicas: one rebuilds, both answer from the new index', async () => {
  const one = await b.start();
  await b.store(manyHeadlines(400));
  const two = await b.replica();
  await index();
  await Promise.all([one.rebuilder.idle(), two.rebuilder.idle()]);
  for (let i = 0; i < 20; i++) assert.ok((await b.ask({ query: 'whale' })).hits.length > 0);
  assert.equal((await collections()).length, 1);
});
