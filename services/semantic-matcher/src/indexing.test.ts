import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, test } from 'node:test';
import { RequestFailed } from '@afk/bus';
import { dropDemo, saveCategories } from '@afk/database';
import { QdrantClient } from '@qdrant/js-client-rest';
import { bench } from './testing/bench.ts';
import { headline, headlineId as id, numberOf } from './testing/headlines.ts';

let b: Awaited<ReturnType<typeof bench>>;
beforeEach(async () => (b = await bench()));
afterEach(() => b.close());

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
  return hits.map(numberOf);
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
  assert.deepEqual([reply.hits.length, reply.hits[0]!.score > 0, reply.took_ms.total > 0], [1, true, true]);
  assert.match(reply.encoder.sparse!, /^bm25-/);
  assert.equal(reply.encoder.dense, null, 'too few headlines to tell what means the like');
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
  await b.start();
  await b.store(some.slice(0, 2));
  await index();
  const again = await index();
  assert.deepEqual([again['count'], again['total']], [0, 2]);
  await b.store(some);
  const third = await index();
  assert.deepEqual([third['count'], third['total']], [2, 4]);
});

test('a crash between writing and marking writes the same points again', async () => {
  await b.start();
  await b.store(some);
  await index();
  await b.db.query('update headlines set indexed_a = null, indexed_b = null');
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

test('killed right after the collection was made anew, nothing is left out', async () => {
  const { indexes } = await b.start();
  await b.store(some);
  await index();
  await b.qdrant.stop();
  await b.qdrant.start();
  // The service dies as soon as there is a collection again.
  await indexes.toWrite();
  await b.start();
  const answer = await index();
  assert.deepEqual([answer['total'], await found('whale')], [4, [1, 2]]);
});

test('of the collections of a shared Qdrant, only those that are certainly its own are removed', async () => {
  const client = new QdrantClient({ url: b.qdrant.url, checkCompatibility: false });
  await b.start();
  const alias = (await client.getAliases()).aliases[0]!.alias_name;
  const version = { stored: 0, sparse: 'bm25-0', dense: null };
  const make = async (name: string, metadata?: Record<string, unknown>) => {
    await client.createCollection(name, {
      sparse_vectors: { text: { modifier: 'idf' } },
      ...(metadata && { metadata }),
    });
    return name;
  };
  const orphan = await make(`${alias}_bm25_old`, { afk: alias, index: 'bm25_old', version });
  const foreign = [
    await make(`${alias}_mine`),
    await make(`${alias}_other`, { afk: `x-${alias}`, index: 'other', version }),
    await make(`${alias}_noted`, { afk: alias }),
    await make(`elsewhere`, { afk: alias, index: 'elsewhere', version }),
    await make(`${alias}_linked`, { afk: alias, index: 'linked', version }),
  ];
  const create_alias = { alias_name: 'a-user-s-own', collection_name: foreign.at(-1)! };
  await client.updateCollectionAliases({ actions: [{ create_alias }] });
  await index();
  const left = (await client.getCollections()).collections.map((c) => c.name);
  for (const name of foreign) assert.ok(left.includes(name), name);
  assert.ok(!left.includes(orphan), orphan);
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

test('a headline that is deleted leaves the index with the next run; one that came back is found', async () => {
  await b.start();
  await b.store(some);
  await index();
  await b.db.query('delete from headlines where id = any ($1)', [[id(1), id(3)]]);
  await b.store([some[2]!]);
  const answer = await index();
  assert.deepEqual([answer['count'], answer['total']], [1, 3]);
  assert.deepEqual([await found('whale'), await found('baleine')], [[2], [3]]);
  const { rows } = await b.db.query(`select word from search_words where word in ('northern', 'baleines')`);
  assert.deepEqual(rows, [{ word: 'baleines' }], 'nor is its word suggested');
});
