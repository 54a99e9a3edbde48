import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QdrantClient } from '@qdrant/js-client-rest';
import { startLocal } from './test/local.ts';

type Query = Parameters<QdrantClient['query']>[1];

const scores = async (client: QdrantClient, query: Query): Promise<[unknown, number][]> =>
  (await client.query('c', query)).points.map(({ id, score }) => [id, Number(score.toFixed(5))]);

/** Points 1, 2, ... with these vectors. */
async function dense(client: QdrantClient, distance: 'Dot' | 'Euclid', vectors: number[][]): Promise<void> {
  await client.createCollection('c', { vectors: { size: 2, distance } });
  const points = vectors.map((vector, row) => ({ id: row + 1, vector }));
  await client.upsert('c', { wait: true, points });
}

const round = (value: number): number => Number(value.toFixed(5));

test('dbsf adds scores that three deviations about the mean stretch to 0 and 1', async (t) => {
  const { client } = await startLocal(t);
  await dense(client, 'Dot', [
    [1, 2],
    [2, 1],
    [6, 3],
  ]);
  // Against [1, 0]: 1, 2, 6, of mean 3 and sample variance 7; against [0, 1]: 2, 1, 3, of mean 2 and variance 1.
  const first = (score: number): number => (score - (3 - 3 * Math.sqrt(7))) / (6 * Math.sqrt(7));
  const second = (score: number): number => (score - (2 - 3)) / 6;
  const prefetch = [{ query: [1, 0] }, { query: [0, 1] }];
  const expected = [
    [3, round(first(6) + second(3))],
    [1, round(first(1) + second(2))],
    [2, round(first(2) + second(1))],
  ];
  assert.deepEqual(await scores(client, { prefetch, query: { fusion: 'dbsf' } }), expected);
  const score_threshold = first(1) + second(2) - 1e-6;
  assert.deepEqual(
    await scores(client, { prefetch, query: { fusion: 'dbsf' }, score_threshold }),
    expected.slice(0, 2),
  );
});

test('dbsf gives 0.5 where a list says nothing of distances: one point, or equal scores', async (t) => {
  const { client } = await startLocal(t);
  await dense(client, 'Dot', [
    [1, 5],
    [2, 5],
  ]);
  const one = [{ query: [1, 0], limit: 1 }];
  assert.deepEqual(await scores(client, { prefetch: one, query: { fusion: 'dbsf' } }), [[2, 0.5]]);
  const equal = [{ query: [0, 1] }, { limit: 2 }];
  assert.deepEqual(await scores(client, { prefetch: equal, query: { fusion: 'dbsf' } }), [
    [1, 1],
    [2, 1],
  ]);
  const none = [{ query: [0, 1], filter: { must: [{ has_id: [9] }] } }];
  assert.deepEqual(await scores(client, { prefetch: none, query: { fusion: 'dbsf' } }), []);
});

test('dbsf takes distances as they are, so that among them the far one wins, as on the server', async (t) => {
  const { client } = await startLocal(t);
  await dense(client, 'Euclid', [
    [0, 0],
    [3, 4],
  ]);
  const [best] = await scores(client, { prefetch: [{ query: [0, 0] }], query: { fusion: 'dbsf' } });
  assert.equal(best?.[0], 2);
});

test('what an offset skips is prefetched as well, so that pages of a fusion fit together', async (t) => {
  const { client } = await startLocal(t);
  await dense(
    client,
    'Dot',
    Array.from({ length: 9 }, (_, row) => [9 - row, 0]),
  );
  const query = { prefetch: [{ query: [1, 0], limit: 3 }], query: { fusion: 'rrf' as const }, limit: 3 };
  const pages: unknown[] = [];
  for (let offset = 0; offset < 9; offset += 3) {
    pages.push(...(await scores(client, { ...query, offset })).map(([id]) => id));
  }
  assert.deepEqual(pages, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('a point that a list has twice counts twice in rank fusion', async (t) => {
  const { client } = await startLocal(t);
  await dense(client, 'Dot', [
    [1, 0],
    [2, 0],
  ]);
  await client.setPayload('c', { wait: true, points: [1], payload: { n: [5, 1] } });
  await client.setPayload('c', { wait: true, points: [2], payload: { n: 3 } });
  await client.createPayloadIndex('c', { wait: true, field_name: 'n', field_schema: 'integer' });
  const prefetch = [{ query: { order_by: 'n' } }];
  // Positions 0 and 2 of point 1, position 1 of point 2.
  assert.deepEqual(await scores(client, { prefetch, query: { fusion: 'rrf' } }), [
    [1, 0.75],
    [2, 0.33333],
  ]);
});

test('the filters of a query and of its prefetch are joined by their clauses, as on the server', async (t) => {
  const { client } = await startLocal(t);
  await dense(client, 'Dot', [
    [4, 0],
    [3, 0],
    [2, 0],
    [1, 0],
  ]);
  const ids = async (above: object, below: object): Promise<unknown[]> => {
    const prefetch = { query: [1, 0], filter: below };
    return (await scores(client, { prefetch, query: { fusion: 'rrf' }, filter: above })).map(([id]) => id);
  };
  const id = (...has_id: number[]): object => ({ has_id });
  assert.deepEqual(await ids({ must: [id(1, 2, 3)] }, { must: [id(2, 3, 4)] }), [2, 3]);
  assert.deepEqual(await ids({ must_not: [id(1)] }, { should: [id(1), id(2)] }), [2]);
  // Two lists of alternatives are one.
  assert.deepEqual(await ids({ should: [id(1)] }, { should: [id(3)] }), [1, 3]);
  const two = (conditions: object[], min_count: number): object => ({
    min_should: { conditions, min_count },
  });
  assert.deepEqual(await ids(two([id(1, 2)], 1), two([id(2, 3), id(3)], 2)), [2, 3]);
});
