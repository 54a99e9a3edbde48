import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { bm25Encoder, type SparseEncoder } from '@afk/encoders';
import { QdrantClient } from '@qdrant/js-client-rest';
import { fixedSource } from './encoders/source.ts';
import { bench } from './testing/bench.ts';
import { headline, headlineId, manyHeadlines, numberOf } from './testing/headlines.ts';
import { remote } from './testing/remote.ts';

let b: Awaited<ReturnType<typeof bench>>;
beforeEach(async () => (b = await bench()));
afterEach(() => b.close());

const index = async () => (await b.classified())();
const client = () => new QdrantClient({ url: b.qdrant.url, checkCompatibility: false });
const never = (): Promise<never> => new Promise(() => {});
const whales = [headline(1, 'whale one'), headline(2, 'whale two'), headline(3, 'whale three')];

async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(20))
    if (await holds()) return;
  throw new Error(`not within 20 s: ${what}`);
}

test('words of another kind of sparse encoder: meaning answers until they are indexed, and says so', async () => {
  const dense = remote('1', 4);
  const first = await b.start({ source: fixedSource(bm25Encoder(), async () => dense) });
  await b.store(manyHeadlines(300));
  await index();
  await first.rebuilder.idle();
  const bm25 = bm25Encoder();
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  const other: SparseEncoder = {
    ...bm25,
    name: 'other',
    version: '1',
    encodeDocuments: async (docs) => gate.then(() => bm25.encodeDocuments(docs)),
  };
  const { rebuilder } = await b.start({ source: fixedSource(other, async () => dense) });
  const meanwhile = await b.ask({ query: 'whale ocean' });
  assert.deepEqual([meanwhile.encoder.sparse, meanwhile.encoder.dense], [null, 'remote-1']);
  assert.ok(meanwhile.hits.length > 0);
  assert.match(meanwhile.notes[0]!, /until the index is made anew/);
  open();
  await rebuilder.idle();
  await until(
    'the words of the other answer',
    async () => (await b.ask({ query: 'whale' })).encoder.sparse === 'other-1',
  );
});

test('an embedding server that accepts and never answers: the start, a run and a search go on without it', async () => {
  await b.store(whales);
  await b.start({ source: fixedSource(bm25Encoder(), never) });
  assert.deepEqual((await index())['status'], 'ok');
  assert.equal((await b.ask({ query: 'whale' })).hits.length, 3);
});

test('one that stops answering later: a run completes by words, and so does a search, which waits once', async () => {
  const dense = remote('1', 4);
  const { rebuilder } = await b.start({
    source: fixedSource(bm25Encoder(), async () => dense),
    denseMs: 200,
  });
  await b.store(whales);
  await index();
  await rebuilder.idle();
  const { encodeDocuments, encodeQuery } = dense;
  dense.encodeDocuments = never;
  dense.encodeQuery = never;
  await b.store([headline(4, 'whale four')]);
  const partial = await index();
  assert.deepEqual([partial['status'], partial['total']], ['partial', 4]);
  const first = await b.ask({ query: 'whale' });
  assert.deepEqual([first.hits.length, first.encoder.dense], [4, null]);
  assert.match(first.notes[0]!, /found by words alone/);
  const second = await b.ask({ query: 'whale' });
  assert.ok(second.took_ms.encode < first.took_ms.encode / 4, 'it is not asked again at once');
  Object.assign(dense, { encodeDocuments, encodeQuery });
});

test('a slow look at what answers holds no search up', async () => {
  const { indexes, rebuilder } = await b.start();
  await b.store(whales);
  await index();
  // The look that is to hang is a search's: the background's own, after the run, would hold up the end of the test.
  await rebuilder.idle();
  await b.ask({ query: 'whale' });
  indexes.lookUp = never;
  await sleep(2100);
  const asked = await Promise.all([1, 2, 3, 4].map(() => b.ask({ query: 'whale' })));
  assert.deepEqual(
    asked.map((a) => a.hits.length),
    [3, 3, 3, 3],
  );
});

test('a headline deleted while its page was being made does not come back, also where the page failed', async () => {
  await b.start({ source: fixedSource(bm25Encoder()) });
  await b.store(whales);
  await index();
  const dense = remote('1', 4);
  const encode = dense.encodeDocuments.bind(dense);
  let entered = false;
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  dense.encodeDocuments = async () => {
    entered = true;
    await gate;
    throw new Error('away');
  };
  const { rebuilder } = await b.start({ source: fixedSource(bm25Encoder(), async () => dense) });
  await until('the rebuild has begun', () => entered);
  await b.db.query('delete from headlines where id = $1', [headlineId(2)]);
  await index();
  open();
  await until('the page has failed', () => b.logged.some((line) => line.includes('away')));
  dense.encodeDocuments = encode;
  const next = await b.start({ source: fixedSource(bm25Encoder(), async () => dense) });
  await next.rebuilder.idle();
  void rebuilder;
  assert.equal((await index())['total'], 2);
});

test('points that are lost, or are too many, are noticed, and the index is made anew', async () => {
  const { rebuilder } = await b.start();
  await b.store(manyHeadlines(100));
  await index();
  const lost = Array.from({ length: 40 }, (_, n) => headlineId(n + 1));
  const alias = (await client().getAliases()).aliases[0]!.alias_name;
  await client().delete(alias, { wait: true, points: lost });
  await index();
  await rebuilder.idle();
  assert.equal((await index())['total'], 100);
  assert.ok(b.logged.some((line) => line.includes('does not hold what it should')));
});

test('what an AFK of before has left behind the alias is removed once another index answers', async () => {
  const { names } = b;
  const old = `${names.prefix}headlines_bm25_1-k1_2_b_0_5`;
  await client().createCollection(old, { sparse_vectors: { text: { modifier: 'idf' } } });
  await client().updateCollectionAliases({
    actions: [{ create_alias: { alias_name: `${names.prefix}headlines`, collection_name: old } }],
  });
  await b.store(whales);
  await b.start();
  assert.equal((await index())['total'], 3);
  const left = (await client().getCollections()).collections.map((c) => c.name);
  assert.deepEqual([left.length, left.includes(old)], [1, false]);
});

test('more like one that has no dense vector: by its words', async () => {
  const dense = remote('1', 4);
  const { rebuilder } = await b.start({ source: fixedSource(bm25Encoder(), async () => dense) });
  await b.store(whales);
  await index();
  await rebuilder.idle();
  dense.away = true;
  await b.store([headline(9, 'whale nine')]);
  await index();
  const { hits, notes } = await b.ask({ query: '', like: headlineId(9), collapse: false });
  assert.deepEqual([hits.map(numberOf).toSorted(), notes], [[1, 2, 3], []]);
});
