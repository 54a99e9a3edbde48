import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, test } from 'node:test';
import { RequestFailed } from '@afk/bus';
import { dropDemo, saveCategories, type NewHeadline } from '@afk/database';
import { bm25Encoder } from '@afk/encoders';
import { QdrantClient } from '@qdrant/js-client-rest';
import { bench } from './testing/bench.ts';

let b: Awaited<ReturnType<typeof bench>>;
beforeEach(async () => (b = await bench()));
afterEach(() => b.close());

const id = (n: number): string => `20000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const headline = (n: number, title: string, more: Partial<NewHeadline> = {}): NewHeadline => ({
  id: id(n),
  key: `k${n}`,
  title,
  url: `https://a.example/${n}`,
  summary: '',
  publisher: 'A',
  language: 'en',
  publishedAt: new Date(Date.UTC(2026, 0, n)),
  ...more,
});
const some = [
  headline(1, 'Whales return to the northern bay'),
  headline(2, 'Bank raises interest rates', { summary: 'The central bank spoke of whales in the market.' }),
  headline(3, 'Les baleines chantent dans la baie', { language: 'fr' }),
  headline(4, 'Election: a second round on Sunday'),
];

const index = async () => (await b.classified())();
/** The numbers of the headlines that a search finds, best first. */
const found = async (query: string, more: object = {}): Promise<number[]> => {
  const { hits } = await b.ask({ query, ...more });
  return hits.map((h) => Number(h.id.slice(-12)));
};

test('what was indexed is found: titles before summaries, stems, either language', async () => {
  await b.start();
  await b.store(some);
  const answer = await index();
  assert.deepEqual(
    [answer.event, answer['count'], answer['total'], answer['status']],
    ['index_complete', 4, 4, 'ok'],
  );
  assert.deepEqual(await found('whale'), [1, 2]);
  assert.deepEqual(await found('baleine'), [3]);
  assert.deepEqual(await found('elections'), [4]);
  assert.deepEqual(await found('submarine'), []);
  const reply = await b.ask({ query: 'bank', limit: 1 });
  assert.deepEqual([reply.hits.length, reply.hits[0]!.score > 0, reply.took_ms >= 0], [1, true, true]);
  assert.match(reply.encoder, /^bm25-/);
});

test('filters: category, language, a stretch of time, and together', async () => {
  await b.start();
  await b.store(some.map((h) => ({ ...h, title: `${h.title} news` })));
  await saveCategories(b.db, 'm', [
    { id: id(1), category: 'environment', probability: 0.9 },
    { id: id(2), category: 'economy_business_finance', probability: 0.9 },
    { id: id(3), category: 'environment', probability: 0.9 },
  ]);
  await index();
  const sorted = async (more: object) => (await found('news', more)).toSorted();
  assert.deepEqual(await sorted({}), [1, 2, 3, 4]);
  assert.deepEqual(await sorted({ category: 'environment' }), [1, 3]);
  assert.deepEqual(await sorted({ category: 'environment', language: 'fr' }), [3]);
  assert.deepEqual(await sorted({ from: '2026-01-02T00:00:00Z', to: '2026-01-03T23:59:59.999Z' }), [2, 3]);
  assert.deepEqual(await sorted({ to: '2026-01-04T00:00:00Z' }), [1, 2, 3, 4], 'both ends are included');
  assert.deepEqual(await sorted({ from: '2026-01-02T01:00:00+01:00' }), [2, 3, 4]);
  assert.deepEqual(await sorted({ category: 'sport' }), []);
  assert.equal((await found('news', { limit: 2 })).length, 2);
});

test('delivered again there is nothing to do; what is new is added', async () => {
  const store = await b.start();
  await b.store(some.slice(0, 2));
  await index();
  const again = await index();
  assert.deepEqual([again['count'], again['total']], [0, 2]);
  await b.store(some);
  const third = await index();
  assert.deepEqual([third['count'], third['total'], await store.count()], [2, 4, 4]);
});

test('a crash between writing and marking writes the same points again', async () => {
  await b.start();
  await b.store(some);
  await index();
  await b.db.query('update headlines set indexed_by = null');
  const again = await index();
  assert.deepEqual([again['count'], again['total']], [4, 4]);
  assert.deepEqual(await found('whale'), [1, 2]);
});

test('more than a page is indexed to the last one', async () => {
  await b.start();
  await b.store(Array.from({ length: 2300 }, (_, n) => headline(n, `Whale ${n}`)));
  const answer = await index();
  assert.deepEqual([answer['count'], answer['total']], [2300, 2300]);
  assert.deepEqual(await found('2299'), [2299]);
});

test('a corrected category is what the next search filters by', async () => {
  await b.start();
  await b.store(some);
  await index();
  assert.deepEqual(await found('whale', { category: 'sport' }), []);
  await saveCategories(b.db, 'm', [{ id: id(1), category: 'sport', probability: 0.9 }]);
  const answer = await index();
  assert.equal(answer['count'], 1);
  assert.deepEqual(await found('whale', { category: 'sport' }), [1]);
});

test('Qdrant comes back empty: the next run indexes everything', async () => {
  await b.start();
  await b.store(some);
  await index();
  await b.qdrant.stop();
  await b.qdrant.start();
  const answer = await index();
  assert.deepEqual([answer['count'], answer['total']], [4, 4]);
  assert.deepEqual(await found('whale'), [1, 2]);
});

test('a crash right after the collection was made anew leaves nothing out', async () => {
  const store = await b.start();
  await b.store(some);
  await index();
  await b.qdrant.stop();
  await b.qdrant.start();
  // The service dies as soon as there is a collection again.
  store.prepare = async () => {
    await Object.getPrototypeOf(store).prepare.call(store);
    throw new Error('killed');
  };
  await b.classified();
  while (!b.logged.some((l) => l.includes('killed'))) await sleep(10);
  await b.start();
  const answer = await index();
  assert.deepEqual([answer['total'], await found('whale')], [4, [1, 2]]);
});

test('another version of the encoder: everything is indexed anew, and search goes on finding meanwhile', async () => {
  const old = await b.start();
  await b.store(some);
  await index();
  const collection = (await b.ask({ query: 'whale' })).encoder;
  await b.start(bm25Encoder({ k1: 1.7 }));

  let searching = true;
  const seen: number[][] = [];
  const searcher = (async () => {
    while (searching) seen.push(await found('whale'));
  })();
  const answer = await index();
  await sleep(50);
  searching = false;
  await searcher;

  assert.deepEqual([answer['count'], answer['total']], [4, 4]);
  assert.ok(seen.length > 3);
  for (const hits of seen) assert.deepEqual(hits, [1, 2], 'never an error, never fewer');
  assert.notEqual((await b.ask({ query: 'whale' })).encoder, collection);
  assert.equal(await old.exists(), false, 'the old collection is gone');
  assert.equal((await index())['count'], 0);
});

test('of the collections of a shared Qdrant, only those that are certainly its own are removed', async () => {
  const client = new QdrantClient({ url: b.qdrant.url, checkCompatibility: false });
  const make = async (name: string, { indexed = true, modifier = 'idf' as 'idf' | 'none' } = {}) => {
    await client.createCollection(name, { sparse_vectors: { text: { modifier } } });
    const fields = {
      category: 'keyword',
      language: 'keyword',
      published_at: 'datetime',
      demo: 'bool',
    } as const;
    for (const [field_name, field_schema] of Object.entries(indexed ? fields : {})) {
      await client.createPayloadIndex(name, { wait: true, field_name, field_schema });
    }
    return name;
  };
  await b.start();
  const alias = (await client.getAliases()).aliases[0]!.alias_name;
  const orphan = await make(`${alias}_bm25_1-k1_2_b_0_5`);
  const foreign = [
    await make(`${alias}_mine`),
    // Of an ENV whose name begins as this one's alias does.
    await make(`${alias}_x-headlines_bm25_1`),
    await make(`${alias}_bm25_x-headlines_bm25_1`),
    await make(`${alias}_bm25_notes`, { indexed: false }),
    await make(`${alias}_bm25_dense`, { modifier: 'none' }),
    await make(`${alias}_bm25_linked`),
  ];
  const create_alias = { alias_name: 'a-user-s-own', collection_name: foreign.at(-1)! };
  await client.updateCollectionAliases({ actions: [{ create_alias }] });
  const old = (await client.getAliases()).aliases.find((a) => a.alias_name === alias)!.collection_name;
  await b.start(bm25Encoder({ k1: 1.7 }));
  await index();
  const left = (await client.getCollections()).collections.map((c) => c.name);
  for (const name of foreign) assert.ok(left.includes(name), name);
  for (const name of [orphan, old]) assert.ok(!left.includes(name), name);
  assert.equal(left.length, foreign.length + 1);
});

test('Qdrant away: the run is tried again until it is back, and a search says why it fails', async () => {
  await b.start();
  await b.store(some);
  await b.qdrant.stop();
  assert.deepEqual((await b.checks()) as object, {
    qdrant: { ok: false, detail: (await refusal()).message },
  });
  const answer = await b.classified();
  while (!b.logged.some((l) => l.startsWith('will try again'))) await sleep(10);
  await b.qdrant.start();
  assert.deepEqual([(await answer())['count'], await found('whale')], [4, [1, 2]]);
  assert.deepEqual(await b.checks(), { qdrant: { ok: true } });
});

async function refusal(): Promise<Error> {
  const error = await b.ask({ query: 'whale' }).then(
    () => undefined,
    (e: Error) => e,
  );
  assert.ok(error instanceof RequestFailed);
  assert.match(error.message, /^Qdrant: connect ECONNREFUSED/);
  return error;
}

test('hostile queries are answered', async () => {
  await b.start();
  await b.store([...some, headline(5, 'The Who on tour')]);
  await index();
  for (const query of [
    '🐋🐋',
    '!!! ???',
    '\u0000\u0007\u202e',
    ' ',
    '\ud800',
    "'; drop table headlines; --",
  ]) {
    assert.ok(Array.isArray(await found(query)), JSON.stringify(query));
  }
  assert.equal((await found('the who'))[0], 5, 'stop words alone');
  assert.deepEqual(await found('\u0000whale\u202e 🐋'), [1, 2]);
  assert.deepEqual(await found(`whale ${'{"must":[]} '.repeat(80)}`), [1, 2]);
  await assert.rejects(found('whale '.repeat(2000)), /query/, 'ten thousand characters are refused by name');
  assert.deepEqual(await found('whale'), [1, 2], 'and the next is served');
});

test('ten thousand characters that got in all the same are searched for', async () => {
  const store = await b.start();
  await b.store(some);
  await index();
  for (const query of [
    'whale '.repeat(1700),
    'w'.repeat(10_000),
    Array.from({ length: 2000 }, (_, n) => n).join(' '),
  ]) {
    assert.ok(Array.isArray(await store.search(query, 5, {})));
  }
});

test('the demo leaves the index once real feeds have taken its place', async () => {
  await b.start();
  await b.store([headline(9, 'Whale of the demo')], { demo: true });
  assert.equal((await index())['total'], 1);
  await dropDemo(b.db);
  await b.store(some);
  const answer = await index();
  assert.deepEqual([answer['count'], answer['total'], await found('whale')], [4, 4, [1, 2]]);
});

test('before the first run a search finds nothing, and no run at all is no error', async () => {
  await b.start();
  assert.deepEqual(await found('whale'), []);
  const answer = await index();
  assert.deepEqual([answer['count'], answer['total']], [0, 0]);
});
