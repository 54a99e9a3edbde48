import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { QdrantClient, Schemas } from '@qdrant/js-client-rest';
import { startLocal, withPayloads } from './test/local.ts';

const PAYLOADS = [
  { n: 3, f: 0.5, at: '2026-01-01', k: 'x' },
  { n: 1, f: 2, at: '2026-01-03T00:00:00Z', k: 'y' },
  { n: [2, 5, 5], at: 'never', k: 'x' },
  { n: null, f: -1 },
  { n: 3, f: 1e3, at: ['2026-01-02', '2026-01-04'] },
];

async function start(t: TestContext): Promise<QdrantClient> {
  const { client } = await startLocal(t);
  await withPayloads(client, 'c', PAYLOADS);
  for (const [field_name, field_schema] of Object.entries({ n: 'integer', f: 'float', at: 'datetime' })) {
    await client.createPayloadIndex('c', { wait: true, field_name, field_schema: field_schema as 'integer' });
  }
  return client;
}

type OrderBy = Schemas['OrderByInterface'];

async function ordered(client: QdrantClient, order_by: OrderBy, more: object = {}): Promise<unknown[]> {
  const { points, next_page_offset } = await client.scroll('c', { order_by, ...more });
  assert.equal(next_page_offset, null);
  return points.map((point) => [point.id, point.order_value]);
}

test('scroll orders by a field, a point with several values once for each', async (t) => {
  const client = await start(t);
  const ascending = [
    [2, 1],
    [3, 2],
    [1, 3],
    [5, 3],
    [3, 5],
  ];
  assert.deepEqual(await ordered(client, 'n'), ascending);
  assert.deepEqual(await ordered(client, { key: 'n', direction: 'desc' }), ascending.toReversed());
  assert.deepEqual(await ordered(client, { key: 'n', start_from: 2.5 }), ascending.slice(2));
  assert.deepEqual(await ordered(client, { key: 'n', direction: 'desc', start_from: 3 }, { limit: 2 }), [
    [5, 3],
    [1, 3],
  ]);
  const filter = { must: [{ key: 'k', match: { value: 'x' } }] };
  assert.deepEqual(await ordered(client, 'f', { filter }), [[1, 0.5]]);
});

test('times are ordered as moments, and shown in microseconds', async (t) => {
  const client = await start(t);
  const day = (date: number): number => Date.UTC(2026, 0, date) * 1000;
  assert.deepEqual(await ordered(client, { key: 'at', start_from: '2026-01-02' }), [
    [5, day(2)],
    [2, day(3)],
    [5, day(4)],
  ]);
});

test('pages by start_from and the ids already seen meet every point once', async (t) => {
  const { client } = await startLocal(t);
  await withPayloads(
    client,
    'c',
    Array.from({ length: 30 }, (_, row) => ({ n: Math.floor(row / 4) })),
  );
  await client.createPayloadIndex('c', { wait: true, field_name: 'n', field_schema: 'integer' });
  const seen: unknown[] = [];
  let start_from: number | null = null;
  let last: number[] = [];
  for (;;) {
    const filter = { must_not: [{ has_id: last }] };
    const { points } = await client.scroll('c', { order_by: { key: 'n', start_from }, limit: 7, filter });
    seen.push(...points.map(({ id }) => id));
    if (points.length < 7) break;
    const value = points.at(-1)?.order_value as number;
    const same = points.filter((point) => point.order_value === value).map(({ id }) => id as number);
    last = value === start_from ? [...last, ...same] : same;
    start_from = value;
  }
  assert.equal(seen.length, 30);
  assert.equal(new Set(seen).size, 30);
});

test('a query orders by a field too, also what was prefetched', async (t) => {
  const client = await start(t);
  const { points } = await client.query('c', { query: { order_by: 'n' }, limit: 2, with_payload: ['k'] });
  assert.deepEqual(points, [
    { id: 2, version: 0, score: 1, payload: { k: 'y' }, order_value: 1 },
    { id: 3, version: 0, score: 1, payload: { k: 'x' }, order_value: 2 },
  ]);
  const prefetch = { query: { order_by: { key: 'f', direction: 'desc' as const } }, limit: 2 };
  const best = await client.query('c', { prefetch, query: { order_by: 'n' } });
  assert.deepEqual(
    best.points.map(({ id }) => id),
    [2, 5],
  );
});

test('an index that does not range gives no order', async (t) => {
  const { client } = await startLocal(t);
  await withPayloads(client, 'c', PAYLOADS);
  await client.createPayloadIndex('c', { wait: true, field_name: 'k', field_schema: 'keyword' });
  await assert.rejects(client.scroll('c', { order_by: 'k' }), { status: 400 });
  const lookup = { type: 'integer', lookup: true, range: false } as const;
  await client.createPayloadIndex('c', { wait: true, field_name: 'n', field_schema: lookup });
  await assert.rejects(client.scroll('c', { order_by: 'n' }), { status: 400 });
});

test('a sample is of points that pass, each once, in changing order', async (t) => {
  const { client } = await startLocal(t);
  await withPayloads(
    client,
    'c',
    Array.from({ length: 20 }, (_, n) => ({ n })),
  );
  const filter = { must: [{ key: 'n', range: { gte: 10 } }] };
  const orders = new Set<string>();
  for (let round = 0; round < 6; round++) {
    const { points } = await client.query('c', { query: { sample: 'random' }, filter, limit: 100 });
    const ids = points.map(({ id }) => id as number);
    assert.deepEqual(
      ids.toSorted((a, b) => a - b),
      Array.from({ length: 10 }, (_, row) => row + 11),
    );
    orders.add(ids.join());
  }
  assert.ok(orders.size > 1);
  const few = await client.query('c', { query: { sample: 'random' }, prefetch: { limit: 3 }, limit: 2 });
  assert.equal(few.points.length, 2);
  assert.ok(few.points.every(({ id }) => (id as number) <= 3));
});

const facet = async (client: QdrantClient, request: Schemas['FacetRequest']): Promise<unknown[]> =>
  (await client.facet('c', request)).hits.map(({ value, count }) => [value, count]);

test('facet counts the points of each value, the commonest first and equal ones by value', async (t) => {
  const { client } = await startLocal(t);
  const uuid = '7cb46fb3-e348-4762-93ad-7fb983d2b85e';
  await withPayloads(client, 'c', [
    { city: 'Berlin', n: 3, ok: true, u: uuid },
    { city: ['London', 'Berlin', 'London'], n: 10, ok: false, u: uuid.toUpperCase() },
    { city: ['Moscow', 'London'], n: 3, ok: true },
    { city: [], n: 2.5, ok: 'yes' },
    { city: 'Rome', n: 7 },
  ]);
  const types = { city: 'keyword', n: 'integer', ok: 'bool', u: 'uuid' } as const;
  for (const [field_name, field_schema] of Object.entries(types)) {
    await client.createPayloadIndex('c', { wait: true, field_name, field_schema });
  }
  const cities = [
    ['Berlin', 2],
    ['London', 2],
    ['Moscow', 1],
    ['Rome', 1],
  ];
  assert.deepEqual(await facet(client, { key: 'city' }), cities);
  assert.deepEqual(await facet(client, { key: 'city', limit: 1, exact: true }), cities.slice(0, 1));
  const filter = { must: [{ key: 'n', range: { gte: 5 } }] };
  assert.deepEqual(await facet(client, { key: 'city', filter }), [
    ['Berlin', 1],
    ['London', 1],
    ['Rome', 1],
  ]);
  assert.deepEqual(await facet(client, { key: 'n' }), [
    [3, 2],
    [7, 1],
    [10, 1],
  ]);
  assert.deepEqual(await facet(client, { key: 'ok' }), [
    [true, 2],
    [false, 1],
  ]);
  assert.deepEqual(await facet(client, { key: 'u' }), [[uuid, 2]]);
  await client.delete('c', { wait: true, points: [1] });
  await client.setPayload('c', { wait: true, points: [5], payload: { city: 'London' } });
  assert.deepEqual(await facet(client, { key: 'city' }), [
    ['London', 3],
    ['Berlin', 1],
    ['Moscow', 1],
  ]);
  const range = { type: 'integer', lookup: false, range: true } as const;
  await client.createPayloadIndex('c', { wait: true, field_name: 'n', field_schema: range });
  await assert.rejects(client.facet('c', { key: 'n' }), { status: 400 });
});
