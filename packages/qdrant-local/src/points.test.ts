import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startLocal, withPayloads } from './test/local.ts';

const UUID_A = '0b4e1a3c-0000-4000-8000-000000000001';
const UUID_B = 'ffffffff-0000-4000-8000-000000000001';
const DOT2 = { vectors: { size: 2, distance: 'Dot' as const } };

test('points are upserted as a list and as columns, retrieved and deleted', async (t) => {
  const { client } = await startLocal(t);
  await client.createCollection('c', DOT2);
  const first = await client.upsert('c', {
    wait: true,
    points: [
      { id: 1, vector: [0.1, 0.2], payload: { a: 1 } },
      { id: UUID_A.toUpperCase(), vector: [3, 4] },
    ],
  });
  assert.equal(first.status, 'completed');
  const second = await client.upsert('c', {
    batch: {
      ids: [2, 3],
      vectors: [
        [5, 6],
        [7, 8],
      ],
      payloads: [{ b: 2 }, null],
    },
  });
  // The client itself waits unless told not to.
  assert.equal(second.status, 'completed');
  assert.equal((await client.upsert('c', { wait: false, points: [] })).status, 'acknowledged');
  assert.deepEqual(await client.retrieve('c', { ids: [3, 99, UUID_A, 1], with_vector: true }), [
    { id: 3, payload: {}, vector: [7, 8] },
    { id: UUID_A, payload: {}, vector: [3, 4] },
    // Exactly what was sent, not 0.1 as a float32 in a double.
    { id: 1, payload: { a: 1 }, vector: [0.1, 0.2] },
  ]);
  await client.upsert('c', { wait: true, points: [{ id: 1, vector: [9, 9], payload: { z: 0 } }] });
  assert.deepEqual(await client.retrieve('c', { ids: [1] }), [{ id: 1, payload: { z: 0 } }]);
  await client.delete('c', { wait: true, points: [1, 404] });
  await client.delete('c', { wait: true, filter: { must: [{ key: 'b', match: { value: 2 } }] } });
  assert.equal((await client.count('c')).count, 2);
});

test('a named vector may be missing, and a cosine vector comes back normalised', async (t) => {
  const { client } = await startLocal(t);
  await client.createCollection('c', {
    vectors: { cos: { size: 2, distance: 'Cosine' }, dot: { size: 1, distance: 'Dot' } },
    sparse_vectors: { text: {} },
  });
  await client.upsert('c', {
    batch: {
      ids: [1, 2],
      vectors: {
        cos: [
          [3, 4],
          [0, 0],
        ],
        text: [
          { indices: [9, 2], values: [0.5, 1] },
          { indices: [], values: [] },
        ],
      },
    },
  });
  assert.deepEqual(await client.retrieve('c', { ids: [1, 2], with_vector: true, with_payload: false }), [
    { id: 1, vector: { cos: [0.6, 0.8], text: { indices: [2, 9], values: [1, 0.5] } } },
    { id: 2, vector: { cos: [0, 0], text: { indices: [], values: [] } } },
  ]);
  const [only] = await client.retrieve('c', { ids: [1], with_vector: ['cos'], with_payload: false });
  assert.deepEqual(only, { id: 1, vector: { cos: [0.6, 0.8] } });
});

test('scroll goes by id, numbers before UUIDs, and its next offset is inclusive', async (t) => {
  const { client } = await startLocal(t);
  await client.createCollection('c', DOT2);
  const ids = [10, 9, UUID_B, 2, UUID_A, 100];
  await client.upsert('c', { wait: true, points: ids.map((id) => ({ id, vector: [1, 1] })) });
  await client.delete('c', { wait: true, points: [9] });
  await client.upsert('c', {
    wait: true,
    points: [
      { id: 9, vector: [1, 1] },
      { id: 10, vector: [1, 1] },
    ],
  });
  const seen: unknown[] = [];
  let offset: unknown;
  do {
    const page = await client.scroll('c', { limit: 2, ...(offset ? { offset: offset as number } : {}) });
    seen.push(...page.points.map((point) => point.id));
    offset = page.next_page_offset;
  } while (offset !== null);
  assert.deepEqual(seen, [2, 9, 10, 100, UUID_A, UUID_B]);
  const page = await client.scroll('c', { limit: 2 });
  assert.equal(page.next_page_offset, 10);
  assert.deepEqual(page.points[0], { id: 2, payload: {} });
});

test('scroll filters, and shows the payload and vectors that it is asked for', async (t) => {
  const { client } = await startLocal(t);
  await withPayloads(client, 'c', [{ a: { b: [{ c: 1, d: 2 }, { c: 3 }] }, e: 4 }, { e: 5 }, { e: 5, f: 6 }]);
  const page = async (with_payload: boolean | string[] | { exclude: string[] }) =>
    (await client.scroll('c', { with_payload, limit: 1 })).points[0]?.payload;
  assert.deepEqual(await page(['e', 'nothing']), { e: 4 });
  assert.deepEqual(await page(['a.b[].c']), { a: { b: [{ c: 1 }, { c: 3 }] } });
  assert.deepEqual(await page({ exclude: ['a.b[].c', 'e'] }), { a: { b: [{ d: 2 }, {}] } });
  assert.equal(await page(false), undefined);
  const filter = { must: [{ key: 'e', match: { value: 5 } }] };
  const { points, next_page_offset } = await client.scroll('c', { filter, limit: 1, with_payload: false });
  assert.deepEqual(points, [{ id: 2 }]);
  assert.equal(next_page_offset, 3);
  assert.equal((await client.count('c', { filter })).count, 2);
});

test('payloads are set, set under a key, overwritten, deleted from and cleared', async (t) => {
  const { client } = await startLocal(t);
  await withPayloads(client, 'c', [{ a: 1, b: { x: 1, list: [{ y: 1 }, { z: 2 }] } }, { a: 2 }]);
  const payload = async (id: number) => (await client.retrieve('c', { ids: [id] }))[0]?.payload;
  await client.setPayload('c', { wait: true, points: [1], payload: { a: 9, c: 3 } });
  assert.deepEqual(await payload(1), { a: 9, b: { x: 1, list: [{ y: 1 }, { z: 2 }] }, c: 3 });
  await client.setPayload('c', { wait: true, points: [1], key: 'b.list[].more', payload: { k: 1 } });
  await client.setPayload('c', { wait: true, points: [1], key: 'b.list[0]', payload: { w: 5 } });
  await client.setPayload('c', { wait: true, points: [1], key: 'new.deep', payload: { k: 2 } });
  assert.deepEqual(await payload(1), {
    a: 9,
    b: {
      x: 1,
      list: [
        { y: 1, more: { k: 1 }, w: 5 },
        { z: 2, more: { k: 1 } },
      ],
    },
    c: 3,
    new: { deep: { k: 2 } },
  });
  await client.deletePayload('c', { wait: true, points: [1], keys: ['b.list[].more', 'c', 'no.such'] });
  assert.deepEqual((await payload(1))?.['b'], { x: 1, list: [{ y: 1, w: 5 }, { z: 2 }] });
  await client.overwritePayload('c', {
    wait: true,
    filter: { must: [{ key: 'a', match: { value: 2 } }] },
    payload: { only: true },
  });
  assert.deepEqual(await payload(2), { only: true });
  await client.clearPayload('c', { wait: true, points: [1] });
  assert.deepEqual(await payload(1), {});
});

test('points read by one path do not share what another changes', async (t) => {
  const { client } = await startLocal(t);
  await withPayloads(client, 'c', [{}, {}]);
  await client.setPayload('c', { wait: true, points: [1, 2], payload: { o: { n: 1 } } });
  await client.setPayload('c', { wait: true, points: [1], key: 'o', payload: { n: 2 } });
  const [one, two] = await client.retrieve('c', { ids: [1, 2] });
  assert.deepEqual([one?.payload, two?.payload], [{ o: { n: 2 } }, { o: { n: 1 } }]);
});

test('keys that JavaScript gives a meaning are keys like others', async (t) => {
  const { client, server } = await startLocal(t);
  await withPayloads(client, 'c', [{}]);
  const body = '{"points":[1],"payload":{"__proto__":{"x":1},"constructor":2}}';
  await fetch(`${server.url}/collections/c/points/payload?wait=true`, { method: 'POST', body });
  const text = await (await fetch(`${server.url}/collections/c/points/1`)).text();
  assert.match(text, /"payload":\{"__proto__":\{"x":1\},"constructor":2\}/);
  const match = (key: string, value: number) => ({ filter: { must: [{ key, match: { value } }] } });
  assert.equal((await client.count('c', match('__proto__.x', 1))).count, 1);
  assert.equal((await client.count('c', match('constructor', 2))).count, 1);
  assert.equal((await client.count('c', { filter: { must: [{ is_empty: { key: 'toString' } }] } })).count, 1);
});
