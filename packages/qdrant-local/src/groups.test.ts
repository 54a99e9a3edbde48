import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QdrantClient } from '@qdrant/js-client-rest';
import { errorOf, send, startLocal } from './test/local.ts';

const COLLECTION = { vectors: { size: 1, distance: 'Dot' as const }, sparse_vectors: { s: {} } };

/** Points 1, 2, ... whose scores against [1] are these, with these values to be grouped by. */
async function scored(client: QdrantClient, points: [score: number, group: unknown][]): Promise<void> {
  await client.createCollection('c', COLLECTION);
  await client.upsert('c', {
    wait: true,
    points: points.map(([score, g], row) => ({ id: row + 1, vector: [score], payload: { g } })),
  });
}

type Request = Parameters<QdrantClient['queryGroups']>[1];

const groups = async (client: QdrantClient, request: Partial<Request>): Promise<unknown[]> => {
  const answer = await client.queryGroups('c', { query: [1], group_by: 'g', ...request });
  return answer.groups.map(({ id, hits }) => [id, hits.map((hit) => hit.id)]);
};

test('groups stand in the order of their best hit, three hits each by default', async (t) => {
  const { client } = await startLocal(t);
  await scored(client, [
    [1, 'low'],
    [9, 'high'],
    [8, 'high'],
    [7, 'high'],
    [6, 'high'],
    [5, 7],
    [4, 7],
    [3, undefined],
  ]);
  const all = [
    ['high', [2, 3, 4]],
    [7, [6, 7]],
    ['low', [1]],
  ];
  assert.deepEqual(await groups(client, {}), all);
  assert.deepEqual(await groups(client, { limit: 2, group_size: 1 }), [
    ['high', [2]],
    [7, [6]],
  ]);
  assert.deepEqual(await groups(client, { group_by: 'nothing' }), []);
  const filter = { must_not: [{ has_id: [2, 3] }] };
  assert.deepEqual(await groups(client, { filter, limit: 1 }), [['high', [4, 5]]]);
});

test('a point is in a group for each string and integer of its field', async (t) => {
  const { client } = await startLocal(t);
  await scored(client, [
    [9, ['a', 'b', 'a', 3]],
    [8, 'b'],
    [7, 2.5],
    [6, true],
    [5, null],
    [4, []],
    [3, [['a']]],
    [2, { a: 1 }],
  ]);
  const expected = [
    ['a', [1]],
    ['b', [1, 2]],
    [3, [1]],
  ];
  assert.deepEqual(await groups(client, {}), expected);
  // The elements of arrays alone, and what is in them.
  assert.deepEqual(await groups(client, { group_by: 'g[]' }), [
    ['a', [1, 7]],
    ['b', [1]],
    [3, [1]],
  ]);
});

test('a group is found and filled however far down its hits are', async (t) => {
  const { client } = await startLocal(t);
  const crowd = Array.from({ length: 300 }, (_, row): [number, string] => [1000 - row, 'crowd']);
  await scored(client, [...crowd, [3, 'few'], [2, 'few'], [1, 'one']]);
  assert.deepEqual(await groups(client, { limit: 3, group_size: 2 }), [
    ['crowd', [1, 2]],
    ['few', [301, 302]],
    ['one', [303]],
  ]);
  assert.deepEqual(await groups(client, { limit: 2, group_size: 2 }), [
    ['crowd', [1, 2]],
    ['few', [301, 302]],
  ]);
});

test('groups of a fusion have prefetches fetch as much more as a group is large', async (t) => {
  const { client } = await startLocal(t);
  await scored(client, [
    [9, 'a'],
    [8, 'a'],
    [7, 'b'],
    [6, 'b'],
  ]);
  const prefetch = { query: [1], limit: 2 };
  assert.deepEqual(await groups(client, { prefetch, query: { fusion: 'rrf' }, group_size: 2 }), [
    ['a', [1, 2]],
    ['b', [3, 4]],
  ]);
  assert.deepEqual(await groups(client, { prefetch, query: { fusion: 'rrf' }, group_size: 1 }), [['a', [1]]]);
});

test('groups show the record of another collection that has their id', async (t) => {
  const { client } = await startLocal(t);
  await scored(client, [
    [9, 5],
    [8, '550e8400-e29b-41d4-a716-446655440000'],
    [7, 'no id'],
  ]);
  await client.createCollection('docs', COLLECTION);
  await client.upsert('docs', {
    wait: true,
    points: [
      { id: 5, vector: [1], payload: { title: 'five' } },
      { id: '550e8400-e29b-41d4-a716-446655440000', vector: [2], payload: { title: 'uuid' } },
    ],
  });
  const lookups = async (with_lookup: Request['with_lookup']): Promise<unknown[]> => {
    const answer = await client.queryGroups('c', { query: [1], group_by: 'g', with_lookup });
    return answer.groups.map(({ lookup }) => lookup);
  };
  const [five, uuid] = [5, '550e8400-e29b-41d4-a716-446655440000'].map((id) => ({ id }));
  assert.deepEqual(await lookups('docs'), [
    { ...five, payload: { title: 'five' } },
    { ...uuid, payload: { title: 'uuid' } },
    undefined,
  ]);
  const bare = { collection: 'docs', with_payload: false, with_vectors: true };
  assert.deepEqual(await lookups(bare), [{ ...five, vector: [1] }, { ...uuid, vector: [2] }, undefined]);
});

test('the search routes answer as query does, in bare lists', async (t) => {
  const { client, server } = await startLocal(t);
  await scored(client, [
    [9, 'a'],
    [8, 'b'],
    [7, 'b'],
  ]);
  await client.updateVectors('c', {
    wait: true,
    points: [{ id: 2, vector: { s: { indices: [4], values: [2] } } }],
  });
  const post = async (path: string, body: object): Promise<unknown> =>
    (await send(server, 'POST', `/collections/c/points/${path}`, body)).body.result;
  const query = async (body: object): Promise<unknown> => (await client.query('c', body)).points;
  const more = { limit: 2, filter: { must_not: [{ has_id: [1] }] }, with_payload: true };
  assert.deepEqual(await post('search', { vector: [1], ...more }), await query({ query: [1], ...more }));
  const sparse = { indices: [4], values: [1] };
  assert.deepEqual(
    await post('search', { vector: { name: 's', vector: sparse }, limit: 3 }),
    await query({ query: sparse, using: 's', limit: 3 }),
  );
  const searches = [
    { vector: [1], limit: 1 },
    { vector: [-1], limit: 1, offset: 1, score_threshold: -8.5 },
  ];
  assert.deepEqual(await post('search/batch', { searches }), [
    await query({ query: [1], limit: 1 }),
    await query({ query: [-1], limit: 1, offset: 1, score_threshold: -8.5 }),
  ]);
  assert.deepEqual(await post('search/batch', { searches: [] }), []);
  const grouped = { group_by: 'g', limit: 5, group_size: 1 };
  assert.deepEqual(
    await post('search/groups', { vector: [1], ...grouped }),
    await client.queryGroups('c', { query: [1], ...grouped }),
  );
  const missing = await send(server, 'POST', '/collections/c/points/search/groups', {
    vector: [1],
    limit: 1,
  });
  assert.match(errorOf(missing), /missing field `group_size`/);
});
