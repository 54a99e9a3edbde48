import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { QdrantClient } from '@qdrant/js-client-rest';
import { errorOf, send, startLocal, temporaryFolder } from './test/local.ts';
import type { Local } from './test/local.ts';

const COLLECTION = {
  vectors: { a: { size: 2, distance: 'Dot' as const }, b: { size: 1, distance: 'Cosine' as const } },
  sparse_vectors: { s: {} },
};

const SPARSE = { indices: [1, 4], values: [1, 2] };

async function start(t: TestContext): Promise<Local> {
  const local = await startLocal(t);
  await local.client.createCollection('c', COLLECTION);
  const points = [
    { id: 1, vector: { a: [1, 0], s: SPARSE }, payload: { v: 1 } },
    { id: 2, vector: { a: [0, 1] }, payload: { v: 9 } },
  ];
  await local.client.upsert('c', { wait: true, points });
  return local;
}

async function stored(client: QdrantClient, id: number): Promise<unknown[]> {
  const [point] = await client.retrieve('c', { ids: [id], with_vector: true });
  return [point?.vector, point?.payload];
}

test('updating vectors leaves the other vectors and the payload as they are', async (t) => {
  const { client } = await start(t);
  const points = [
    { id: 1, vector: { a: [5, 6] } },
    { id: 2, vector: { b: [-3] } },
    // Twice one point: the one adds to the other.
    { id: 2, vector: { a: [7, 8] } },
  ];
  const answer = await client.updateVectors('c', { wait: true, points });
  assert.equal(answer.status, 'completed');
  assert.deepEqual(await stored(client, 1), [{ a: [5, 6], s: SPARSE }, { v: 1 }]);
  assert.deepEqual(await stored(client, 2), [{ a: [7, 8], b: [-1] }, { v: 9 }]);
  const { points: found } = await client.query('c', { query: [1, 1], using: 'a' });
  assert.deepEqual(
    found.map(({ id, score }) => [id, score]),
    [
      [2, 15],
      [1, 11],
    ],
  );
});

test('updated vectors have a condition, and points that are not there refuse the request whole', async (t) => {
  const { client, server } = await start(t);
  const update_filter = { must: [{ key: 'v', range: { lt: 5 } }] };
  const points = [
    { id: 1, vector: { a: [5, 5] } },
    { id: 2, vector: { a: [5, 5] } },
  ];
  // The client does not pass the condition on.
  await send(server, 'PUT', '/collections/c/points/vectors?wait=true', { points, update_filter });
  assert.deepEqual((await stored(client, 1))[0], { a: [5, 5], s: SPARSE });
  assert.deepEqual((await stored(client, 2))[0], { a: [0, 1] });
  const missing = {
    points: [
      { id: 1, vector: { a: [9, 9] } },
      { id: 77, vector: { a: [9, 9] } },
    ],
  };
  const answer = await send(server, 'PUT', '/collections/c/points/vectors', missing);
  assert.deepEqual([answer.status, errorOf(answer)], [404, 'Not found: No point with id 77 found']);
  assert.deepEqual((await stored(client, 1))[0], { a: [5, 5], s: SPARSE });
});

test('vectors are deleted by id and by filter, and searches no longer find them', async (t) => {
  const { client } = await start(t);
  await client.deleteVectors('c', { wait: true, points: [1], vector: ['s', 'b'] });
  assert.deepEqual(await stored(client, 1), [{ a: [1, 0] }, { v: 1 }]);
  assert.deepEqual((await client.query('c', { query: SPARSE, using: 's' })).points, []);
  const filter = { must: [{ key: 'v', match: { value: 9 } }] };
  await client.deleteVectors('c', { wait: true, filter, vector: ['a'] });
  assert.deepEqual(await stored(client, 2), [{}, { v: 9 }]);
  const { points } = await client.query('c', { query: [1, 1], using: 'a' });
  assert.deepEqual(
    points.map(({ id }) => id),
    [1],
  );
});

test('a batch makes its changes in order, each over those before', async (t) => {
  const { client } = await start(t);
  const answers = await client.batchUpdate('c', {
    wait: true,
    operations: [
      { upsert: { points: [{ id: 3, vector: { a: [1, 1] }, payload: { x: 1 } }] } },
      {
        upsert: {
          batch: {
            ids: [4, 5],
            vectors: {
              a: [
                [1, 2],
                [3, 4],
              ],
            },
            payloads: [{ y: 1 }, null],
          },
        },
      },
      { set_payload: { payload: { x: 2, y: 2, z: null }, points: [3, 4] } },
      { delete_payload: { keys: ['y'], filter: { must: [{ key: 'x', match: { value: 2 } }] } } },
      { update_vectors: { points: [{ id: 3, vector: { b: [2] } }] } },
      { delete_vectors: { points: [4], vector: ['a'] } },
      { overwrite_payload: { payload: { only: true }, points: [5] } },
      { clear_payload: { points: [1] } },
      { delete: { points: [2] } },
    ],
  });
  assert.equal(answers.length, 9);
  assert.ok(answers.every(({ status }) => status === 'completed'));
  assert.deepEqual(await stored(client, 1), [{ a: [1, 0], s: SPARSE }, {}]);
  assert.deepEqual(await stored(client, 2), [undefined, undefined]);
  assert.deepEqual(await stored(client, 3), [{ a: [1, 1], b: [1] }, { x: 2 }]);
  assert.deepEqual(await stored(client, 4), [{}, { x: 2 }]);
  assert.deepEqual(await stored(client, 5), [{ a: [3, 4] }, { only: true }]);
});

test('a batch keeps what came before a wrong operation, and makes none after it', async (t) => {
  const { client, server } = await start(t);
  const operations = [
    { set_payload: { payload: { done: 1 }, points: [1] } },
    { set_payload: { payload: { done: 1 }, points: [77] } },
    { set_payload: { payload: { done: 1 }, points: [2] } },
  ];
  const answer = await send(server, 'POST', '/collections/c/points/batch?wait=true', { operations });
  assert.equal(answer.status, 404);
  assert.deepEqual((await stored(client, 1))[1], { v: 1, done: 1 });
  assert.deepEqual((await stored(client, 2))[1], { v: 9 });
});

/** Ids and payloads after an upsert of points 1 (v: 1), 2 (v: 9) and 3 (new). */
const UPSERTS: [mode: 'upsert' | 'insert_only' | 'update_only', filtered: boolean, expected: number[]][] = [
  ['upsert', false, [100, 200, 300]],
  ['upsert', true, [100, 9, 300]],
  ['insert_only', false, [1, 9, 300]],
  ['insert_only', true, [1, 9, 300]],
  ['update_only', false, [100, 200]],
  ['update_only', true, [100, 9]],
];

for (const [update_mode, filtered, expected] of UPSERTS) {
  test(`upsert with ${update_mode}${filtered ? ' and a condition' : ''}`, async (t) => {
    const { client } = await start(t);
    const points = [1, 2, 3].map((id) => ({ id, vector: { a: [9, 9] }, payload: { v: id * 100 } }));
    const update_filter = { must: [{ key: 'v', range: { lt: 5 } }] };
    await client.upsert('c', { wait: true, points, update_mode, ...(filtered && { update_filter }) });
    const all = await client.scroll('c', {});
    assert.deepEqual(
      all.points.map(({ payload }) => payload?.['v']),
      expected,
    );
  });
}

test('null takes a key of the payload away', async (t) => {
  const { client } = await start(t);
  await client.setPayload('c', {
    wait: true,
    points: [1],
    payload: { v: null, w: null, o: { p: 1, q: null } },
  });
  assert.deepEqual((await stored(client, 1))[1], { o: { p: 1, q: null } });
  await client.setPayload('c', { wait: true, points: [1], payload: { p: null, r: 2 }, key: 'o' });
  assert.deepEqual((await stored(client, 1))[1], { o: { q: null, r: 2 } });
});

test('changed vectors outlast a restart', async (t) => {
  const path = temporaryFolder(t);
  const first = await startLocal(t, path);
  await first.client.createCollection('c', COLLECTION);
  const points = [{ id: 1, vector: { a: [1, 0], s: SPARSE }, payload: { v: 1 } }];
  await first.client.upsert('c', { wait: true, points });
  await first.client.updateVectors('c', { wait: true, points: [{ id: 1, vector: { b: [1] } }] });
  await first.client.deleteVectors('c', { wait: true, points: [1], vector: ['s'] });
  await first.server.close();
  const second = await startLocal(t, path);
  assert.deepEqual(await stored(second.client, 1), [{ a: [1, 0], b: [1] }, { v: 1 }]);
});
