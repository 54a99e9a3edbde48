import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Schemas } from '@qdrant/js-client-rest';
import { startLocal, withPayloads } from '../test/local.ts';

type Filter = Schemas['Filter'];

const PAYLOADS = [
  { city: 'Berlin', n: 1, at: '2026-01-01T00:00:00Z', ok: true, title: 'The Quick brown fox' },
  { city: ['Berlin', 'London'], n: 2.5, at: '2026-01-01 12:00', ok: false, title: 'quick' },
  { city: [], n: [5, 50], at: 'not a time', deep: { list: [{ x: 1 }, { x: 2 }] } },
  { city: null, n: null, deep: { list: { x: 1 } } },
  { other: [null], n: '1' },
];

/** A function that says which points pass; with `indexed`, through payload indexes too, which may change nothing. */
async function matcher(t: TestContext, indexed = false): Promise<(filter: Filter) => Promise<number[]>> {
  const { client } = await startLocal(t);
  await withPayloads(client, 'c', PAYLOADS);
  if (indexed) {
    await client.createPayloadIndex('c', { wait: true, field_name: 'city', field_schema: 'keyword' });
    await client.createPayloadIndex('c', { wait: true, field_name: 'n', field_schema: 'integer' });
    await client.createPayloadIndex('c', { wait: true, field_name: 'ok', field_schema: 'bool' });
  }
  return async (filter) => {
    const { points } = await client.scroll('c', { filter, limit: 100 });
    const { count } = await client.count('c', { filter });
    assert.equal(points.length, count);
    return points.map((point) => point.id as number);
  };
}

const key = (name: string, condition: object): Filter => ({ must: [{ key: name, ...condition }] });

for (const indexed of [false, true]) {
  test(`match, range and emptiness (${indexed ? 'with' : 'without'} indexes)`, async (t) => {
    const ids = await matcher(t, indexed);
    assert.deepEqual(await ids(key('city', { match: { value: 'Berlin' } })), [1, 2]);
    assert.deepEqual(await ids(key('city', { match: { any: ['London', 'Paris'] } })), [2]);
    assert.deepEqual(await ids(key('city', { match: { any: [] } })), []);
    assert.deepEqual(await ids(key('city', { match: { except: ['Berlin'] } })), [2]);
    assert.deepEqual(await ids(key('city', { match: { except: [] } })), [1, 2]);
    assert.deepEqual(await ids(key('n', { match: { value: 1 } })), [1]);
    assert.deepEqual(await ids(key('n', { match: { value: '1' } })), [5]);
    assert.deepEqual(await ids(key('n', { match: { except: [1, 50] } })), [2, 3, 5]);
    assert.deepEqual(await ids(key('ok', { match: { value: false } })), [2]);
    assert.deepEqual(await ids(key('n', { range: { gt: 1, lte: 5 } })), [2, 3]);
    // No one value of [5, 50] is between.
    assert.deepEqual(await ids(key('n', { range: { gt: 5, lt: 50 } })), []);
    assert.deepEqual(await ids({ must: [{ is_empty: { key: 'city' } }] }), [3, 4, 5]);
    assert.deepEqual(await ids(key('city', { is_empty: false })), [1, 2]);
    assert.deepEqual(await ids({ must: [{ is_null: { key: 'city' } }] }), [4]);
    assert.deepEqual(await ids({ must: [{ is_null: { key: 'other' } }] }), [5]);
    assert.deepEqual(await ids({ must: [{ has_id: [5, 2, 77] }] }), [2, 5]);
  });

  test(`clauses combine (${indexed ? 'with' : 'without'} indexes)`, async (t) => {
    const ids = await matcher(t, indexed);
    const berlin = { key: 'city', match: { value: 'Berlin' } };
    const london = { key: 'city', match: { value: 'London' } };
    const small = { key: 'n', range: { lt: 3 } };
    const one = { key: 'n', match: { value: 1 } };
    assert.deepEqual(await ids({ must: berlin, must_not: [london] }), [1]);
    assert.deepEqual(await ids({ should: [london, one] }), [1, 2]);
    assert.deepEqual(await ids({ should: [london, { has_id: [4] }], must: [{ has_id: [4, 5] }] }), [4]);
    assert.deepEqual(await ids({ min_should: { conditions: [berlin, london, small], min_count: 3 } }), [2]);
    assert.deepEqual(await ids({ must: [{ should: [london, one] }, { must_not: [london] }] }), [1]);
    assert.deepEqual(await ids({ must: [], should: [], must_not: [] }), [1, 2, 3, 4, 5]);
  });
}

test('a datetime range compares moments, not texts', async (t) => {
  const ids = await matcher(t);
  assert.deepEqual(await ids(key('at', { range: { gte: '2026-01-01T01:00:00+01:00' } })), [1, 2]);
  assert.deepEqual(await ids(key('at', { range: { gt: '2026-01-01' } })), [2]);
  assert.deepEqual(await ids(key('at', { range: { lt: '2026-01-01T00:00:00.000001Z' } })), [1]);
});

test('dotted keys reach into objects, and into arrays with []', async (t) => {
  const ids = await matcher(t);
  assert.deepEqual(await ids(key('deep.list[].x', { match: { value: 2 } })), [3]);
  assert.deepEqual(await ids(key('deep.list[0].x', { match: { value: 1 } })), [3]);
  assert.deepEqual(await ids(key('deep.list.x', { match: { value: 1 } })), [4]);
});

test('match.text is a substring without an index, and all tokens with one', async (t) => {
  const { client } = await startLocal(t);
  await withPayloads(client, 'c', PAYLOADS);
  const ids = async (text: string): Promise<unknown[]> =>
    (await client.scroll('c', { filter: key('title', { match: { text } }) })).points.map((point) => point.id);
  assert.deepEqual(await ids('uick'), [1, 2]);
  assert.deepEqual(await ids('quick'), [2]);
  assert.deepEqual(await ids('fox Quick'), []);
  await client.createPayloadIndex('c', { wait: true, field_name: 'title', field_schema: 'text' });
  assert.deepEqual(await ids('uick'), []);
  assert.deepEqual(await ids('FOX, quick!'), [1]);
  assert.deepEqual(await ids('quick'), [1, 2]);
  assert.deepEqual(await ids('!'), []);
  const prefix = { type: 'text', tokenizer: 'prefix' } as const;
  await client.createPayloadIndex('c', { wait: true, field_name: 'title', field_schema: prefix });
  assert.deepEqual(await ids('QUI br'), [1]);
});

test('a uuid index takes spellings of one UUID for equal', async (t) => {
  const { client } = await startLocal(t);
  const uuid = '550e8400-e29b-41d4-a716-446655440000';
  await withPayloads(client, 'c', [{ u: uuid }]);
  const filter = key('u', { match: { value: uuid.toUpperCase() } });
  assert.equal((await client.count('c', { filter })).count, 0);
  await client.createPayloadIndex('c', { wait: true, field_name: 'u', field_schema: 'uuid' });
  assert.equal((await client.count('c', { filter })).count, 1);
});

test('indexes follow payload changes, upserts and deletions', async (t) => {
  const { client } = await startLocal(t);
  await withPayloads(client, 'c', [{ k: 'a' }, { k: 'a' }, { k: 'a' }]);
  await client.createPayloadIndex('c', { wait: true, field_name: 'k', field_schema: 'keyword' });
  await client.setPayload('c', { wait: true, points: [1], payload: { k: 'b' } });
  await client.upsert('c', { wait: true, points: [{ id: 2, vector: {}, payload: { k: ['b', 'c'] } }] });
  await client.delete('c', { wait: true, points: [3] });
  const ids = async (value: string): Promise<unknown[]> =>
    (await client.scroll('c', { filter: key('k', { match: { value } }) })).points.map((point) => point.id);
  assert.deepEqual([await ids('a'), await ids('b'), await ids('c')], [[], [1, 2], [2]]);
  assert.equal((await client.getCollection('c')).payload_schema['k']?.points, 2);
});
