import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QdrantClient, Schemas } from '@qdrant/js-client-rest';
import { startLocal } from './test/local.ts';

type Query = Parameters<QdrantClient['query']>[1];

const scores = async (client: QdrantClient, query: Query): Promise<[unknown, number][]> =>
  (await client.query('c', query)).points.map(({ id, score }) => [id, Number(score.toFixed(6))]);

async function dense(
  client: QdrantClient,
  distance: Schemas['Distance'],
  vectors: number[][],
): Promise<void> {
  await client.createCollection('c', { vectors: { size: 2, distance } });
  const points = vectors.map((vector, row) => ({ id: row + 1, vector, payload: { row } }));
  await client.upsert('c', { wait: true, points });
}

/** Hand-computed against (1, 0), of (3, 4), (1, 0), (0, 2). */
const EXPECTED: [Schemas['Distance'], [number, number][], number, number[]][] = [
  [
    'Cosine',
    [
      [2, 1],
      [1, 0.6],
      [3, 0],
    ],
    0.5,
    [2, 1],
  ],
  [
    'Dot',
    [
      [1, 3],
      [2, 1],
      [3, 0],
    ],
    1,
    [1],
  ],
  [
    'Euclid',
    [
      [2, 0],
      [3, Math.sqrt(5)],
      [1, Math.sqrt(20)],
    ],
    3,
    [2, 3],
  ],
  [
    'Manhattan',
    [
      [2, 0],
      [3, 3],
      [1, 6],
    ],
    6,
    [2, 3],
  ],
];

for (const [distance, expected, score_threshold, above] of EXPECTED) {
  test(`nearest by ${distance}`, async (t) => {
    const { client } = await startLocal(t);
    await dense(client, distance, [
      [3, 4],
      [1, 0],
      [0, 2],
    ]);
    const rounded = expected.map(([id, score]) => [id, Number(score.toFixed(6))]);
    assert.deepEqual(await scores(client, { query: [1, 0] }), rounded);
    assert.deepEqual(
      await scores(client, { query: { nearest: [1, 0] }, limit: 1, offset: 1 }),
      rounded.slice(1, 2),
    );
    const passed = await scores(client, { query: [1, 0], score_threshold });
    assert.deepEqual(
      passed.map(([id]) => id),
      above,
    );
  });
}

test('a query shows no payload and no vector unless asked, and ten points', async (t) => {
  const { client } = await startLocal(t);
  await dense(
    client,
    'Dot',
    Array.from({ length: 12 }, (_, row) => [row, 0]),
  );
  const { points } = await client.query('c', { query: [0.1, 0] });
  assert.equal(points.length, 10);
  assert.deepEqual(points[0], { id: 12, version: 1, score: 1.1 });
  const [full] = (
    await client.query('c', { query: [0.1, 0], limit: 1, with_payload: true, with_vector: true })
  ).points;
  assert.deepEqual(full, { id: 12, version: 1, score: 1.1, payload: { row: 11 }, vector: [11, 0] });
});

test('a query filters, goes by the vector of a point, and without a query lists by id', async (t) => {
  const { client } = await startLocal(t);
  await dense(client, 'Dot', [
    [3, 4],
    [1, 0],
    [0, 2],
  ]);
  const filter = { must: [{ key: 'row', range: { gte: 1 } }] };
  assert.deepEqual(await scores(client, { query: [1, 1], filter }), [
    [3, 2],
    [2, 1],
  ]);
  assert.deepEqual(await scores(client, { query: 1 }), [
    [3, 8],
    [2, 3],
  ]);
  assert.deepEqual(await scores(client, { filter, offset: 1 }), [[3, 1]]);
  // What is only listed is given a score of 1 and no version.
  assert.deepEqual(await scores(client, { limit: 2 }), [
    [1, 1],
    [2, 1],
  ]);
  assert.equal((await client.query('c', { limit: 1 })).points[0]?.version, 0);
});

async function sparse(
  client: QdrantClient,
  modifier: 'idf' | 'none',
  vectors: Record<number, number>[],
): Promise<void> {
  await client.createCollection('c', { sparse_vectors: { text: { modifier } } });
  const points = vectors.map((weights, row) => ({
    id: row + 1,
    vector: { text: { indices: Object.keys(weights).map(Number), values: Object.values(weights) } },
  }));
  await client.upsert('c', { wait: true, points });
}

test('a sparse query sums over shared indices, and finds only points that share one', async (t) => {
  const { client } = await startLocal(t);
  await sparse(client, 'none', [{ 1: 2, 5: 3 }, { 5: 1 }, { 7: 9 }, { 1: -4 }]);
  const query = { indices: [5, 1], values: [2, 0.5] };
  // 2 * 3 + 0.5 * 2 = 7; 2 * 1 = 2; 0.5 * -4 = -2; point 3 shares nothing.
  assert.deepEqual(await scores(client, { query, using: 'text' }), [
    [1, 7],
    [2, 2],
    [4, -2],
  ]);
  assert.deepEqual(await scores(client, { query, using: 'text', score_threshold: 2 }), [[1, 7]]);
  const filter = { must: [{ has_id: [2, 3] }] };
  assert.deepEqual(await scores(client, { query, using: 'text', filter }), [[2, 2]]);
  assert.deepEqual(await scores(client, { query: { indices: [], values: [] }, using: 'text' }), []);
});

test('idf counts the vectors of the index as they come and go', async (t) => {
  const { client } = await startLocal(t);
  await sparse(client, 'idf', [{ 1: 1, 2: 1 }, { 1: 2 }, { 3: 1 }, {}]);
  const idf = (n: number, df: number): number => Number(Math.log((n - df + 0.5) / (df + 0.5) + 1).toFixed(6));
  const one = { indices: [1], values: [1] };
  const two = { indices: [2], values: [1] };
  // The empty vector of point 4 is not in the index: n = 3.
  assert.deepEqual(await scores(client, { query: two, using: 'text' }), [[1, idf(3, 1)]]);
  const twice = Number((2 * Math.log(1.5 / 2.5 + 1)).toFixed(6));
  assert.deepEqual(await scores(client, { query: one, using: 'text' }), [
    [2, twice],
    [1, idf(3, 2)],
  ]);
  await client.delete('c', { wait: true, points: [2] });
  assert.deepEqual(await scores(client, { query: one, using: 'text' }), [[1, idf(2, 1)]]);
  const vector = { text: { indices: [1], values: [1] } };
  await client.upsert('c', { wait: true, points: [{ id: 3, vector }] });
  assert.deepEqual(await scores(client, { query: one, using: 'text' }), [
    [1, idf(2, 2)],
    [3, idf(2, 2)],
  ]);
  assert.deepEqual(await scores(client, { query: { indices: [3], values: [1] }, using: 'text' }), []);
});

test('answers stay right when dead slots are packed away', async (t) => {
  const { client } = await startLocal(t);
  await client.createCollection('c', {
    vectors: { d: { size: 1, distance: 'Dot' } },
    sparse_vectors: { text: { modifier: 'idf' } },
  });
  await client.createPayloadIndex('c', { wait: true, field_name: 'k', field_schema: 'keyword' });
  const point = (id: number, round: number) => ({
    id,
    vector: { d: [id * round], text: { indices: [id % 3, 100 + round], values: [1, id] } },
    payload: { k: `r${round}` },
  });
  for (let round = 1; round <= 5; round++) {
    const points = Array.from({ length: 600 }, (_, row) => point(row + 1, round));
    await client.upsert('c', { wait: true, points });
  }
  assert.equal((await client.getCollection('c')).payload_schema['k']?.points, 600);
  assert.deepEqual(await scores(client, { query: [1], using: 'd', limit: 1 }), [[600, 3000]]);
  const query = { indices: [101, 105], values: [1, 1] };
  const found = await client.query('c', { query, using: 'text', limit: 1000 });
  assert.equal(found.points.length, 600);
  const filter = { must: [{ key: 'k', match: { value: 'r4' } }] };
  assert.equal((await client.count('c', { filter })).count, 0);
});

test('a batch answers each of its queries', async (t) => {
  const { client } = await startLocal(t);
  await dense(client, 'Dot', [
    [3, 4],
    [1, 0],
  ]);
  const answers = await client.queryBatch('c', {
    searches: [
      { query: [1, 0], limit: 1 },
      { query: [0, -1], limit: 1 },
    ],
  });
  assert.deepEqual(
    answers.map(({ points }) => points.map(({ id }) => id)),
    [[1], [2]],
  );
});

async function hybrid(client: QdrantClient): Promise<void> {
  await client.createCollection('c', {
    vectors: { d: { size: 1, distance: 'Dot' } },
    sparse_vectors: { s: {} },
  });
  // Dense order: 1, 2, 3. Sparse order: 3, 2 (1 shares nothing).
  const weights = [0, 1, 2];
  const points = weights.map((weight, row) => ({
    id: row + 1,
    vector: { d: [3 - row], s: { indices: [weight > 0 ? 1 : 2], values: [weight || 1] } },
    payload: { row },
  }));
  await client.upsert('c', { wait: true, points });
}

const PREFETCH = [
  { query: [1], using: 'd' },
  { query: { indices: [1], values: [1] }, using: 's' },
];

test('rrf fuses prefetches by rank', async (t) => {
  const { client } = await startLocal(t);
  await hybrid(client);
  const fused = await scores(client, { prefetch: PREFETCH, query: { fusion: 'rrf' } });
  // 3: 1/4 + 1/2; 2: 1/3 + 1/3; 1: 1/2.
  assert.deepEqual(fused, [
    [3, 0.75],
    [2, 0.666667],
    [1, 0.5],
  ]);
  const k1 = await scores(client, { prefetch: PREFETCH, query: { rrf: { k: 1 } }, score_threshold: 1.2 });
  // 3: 1/3 + 1; 2: 1/2 + 1/2; 1: 1.
  assert.deepEqual(k1, [[3, 1.333333]]);
  const weighted = await scores(client, { prefetch: PREFETCH, query: { rrf: { weights: [3, 1] } } });
  // 1/((position + 1)/weight + 1): 3: 1/2 + 1/2; 2: 1/(5/3) + 1/3; 1: 1/(4/3).
  assert.deepEqual(weighted, [
    [3, 1],
    [2, 0.933333],
    [1, 0.75],
  ]);
});

test('filters reach into prefetches, limits cut them, and prefetches nest and are rescored', async (t) => {
  const { client } = await startLocal(t);
  await hybrid(client);
  const filter = { must_not: [{ has_id: [1] }] };
  assert.deepEqual(
    await scores(client, { prefetch: PREFETCH, query: { fusion: 'rrf' }, filter }),
    [
      [3, 0.833333],
      [2, 0.833333],
    ].toSorted((a, b) => (a[0] as number) - (b[0] as number)),
  );
  const cut = PREFETCH.map((one) => ({ ...one, limit: 1 }));
  assert.deepEqual(await scores(client, { prefetch: cut, query: { fusion: 'rrf' } }), [
    [1, 0.5],
    [3, 0.5],
  ]);
  assert.deepEqual(await scores(client, { prefetch: cut, query: [1], using: 'd' }), [
    [1, 3],
    [3, 1],
  ]);
  const nested = {
    prefetch: [{ prefetch: cut, query: { fusion: 'rrf' as const }, limit: 1 }, PREFETCH[1] as object],
  };
  assert.deepEqual(await scores(client, { ...nested, query: { fusion: 'rrf' } }), [
    [1, 0.5],
    [3, 0.5],
    [2, 0.333333],
  ]);
});
