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
    await client.createPayloadIndex('c', { wait: true, field_name: 'n', field_schema: 'float' });
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

test('an index answers for values of its own type alone, as on the server', async (t) => {
  const { client } = await startLocal(t);
  await withPayloads(client, 'c', [{ n: 1 }, { n: 2.5 }, { n: 'a' }, { n: [3, 'a'] }]);
  const ids = async (condition: object): Promise<unknown[]> =>
    (await client.scroll('c', { filter: key('n', condition) })).points.map((point) => point.id);
  assert.deepEqual(await ids({ range: { gte: 1 } }), [1, 2, 4]);
  assert.deepEqual(await ids({ match: { except: [1] } }), [2, 3, 4]);
  await client.createPayloadIndex('c', { wait: true, field_name: 'n', field_schema: 'integer' });
  assert.deepEqual(await ids({ range: { gte: 1 } }), [1, 4]);
  assert.deepEqual(await ids({ match: { except: [1] } }), [4]);
  // Of strings an integer index knows nothing, so the payloads tell.
  assert.deepEqual(await ids({ match: { value: 'a' } }), [3, 4]);
  const lookupOnly = { type: 'integer', lookup: true, range: false } as const;
  await client.createPayloadIndex('c', { wait: true, field_name: 'n', field_schema: lookupOnly });
  assert.deepEqual(await ids({ range: { gte: 1 } }), [1, 2, 4]);
});

test('datetimes are read in all the forms that the server reads', async (t) => {
  const { client } = await startLocal(t);
  const newYear = [
    '2015-01-01',
    ' 2015-1-1',
    '2015-01-01 00:00',
    '2015-01-01T00:00:00',
    '2015-01-01t00:00:00.000000000z',
    '2015-01-01 00:00:00 UTC',
    '2015-01-01T02:00:00+02:00',
    '2015-01-01T02:00:00+0200',
    '2014-12-31 22:00:00 -02',
    '2014-12-31T22:00:00\u221202:00',
    '2014-12-31T23:59:60Z',
  ];
  const wrong = [
    '2015-01-01T00:00Z',
    '2015-01-01T',
    '2015-01-01 ',
    '2015-02-30',
    '2015-01-01T24:00:00Z',
    '2015-01-01T00:00:00+24:00',
    '10000-01-01',
    '20150101',
    '1420070400',
    'Thu, 01 Jan 2015 01:00:00 +0100',
  ];
  await withPayloads(
    client,
    'c',
    [...newYear, ...wrong].map((at) => ({ at })),
  );
  const filter = key('at', { range: { gte: '2015-01-01T00:00:00Z', lte: '2015-01-01T00:00:00Z' } });
  assert.equal((await client.count('c', { filter })).count, newYear.length);
  for (const gte of wrong) {
    await assert.rejects(client.count('c', { filter: key('at', { range: { gte } }) }), { status: 400 });
  }
});

test('nested asks of one element of an array what would else hold across several', async (t) => {
  const { client } = await startLocal(t);
  const payloads = [
    {
      diet: [
        { food: 'leaves', likes: true },
        { food: 'meat', likes: false },
      ],
    },
    { diet: [{ food: 'leaves', likes: false }, { food: 'meat', likes: true }, 5] },
    { diet: { food: 'meat', likes: true } },
    { a: [{ b: [{ c: 1, d: 2 }, { c: 3 }] }, { b: [{ c: 3, d: 2 }] }] },
  ];
  await withPayloads(client, 'c', payloads);
  const ids = async (filter: Filter): Promise<unknown[]> =>
    (await client.scroll('c', { filter })).points.map((point) => point.id);
  const meat = { key: 'food', match: { value: 'meat' } };
  const liked = { key: 'likes', match: { value: true } };
  const flat = (condition: { key: string; match: object }): object => ({
    ...condition,
    key: `diet[].${condition.key}`,
  });
  assert.deepEqual(await ids({ must: [flat(meat), flat(liked)] } as Filter), [1, 2]);
  const nested = (path: string, filter: Filter): Filter => ({ must: [{ nested: { key: path, filter } }] });
  for (const path of ['diet', 'diet[]']) {
    assert.deepEqual(await ids(nested(path, { must: [meat, liked] })), [2]);
  }
  assert.deepEqual(await ids(nested('diet', { must: [meat], must_not: [liked] })), [1]);
  const both = (c: number): Filter => ({
    must: [
      { key: 'c', match: { value: c } },
      { key: 'd', match: { value: 2 } },
    ],
  });
  assert.deepEqual(await ids(nested('a', nested('b', both(3)))), [4]);
  assert.deepEqual(await ids(nested('a[].b', both(1))), [4]);
  assert.deepEqual(await ids(nested('a[0].b', both(3))), []);
  // An empty list sets no condition, but the server has this one hold nowhere, and so the other way round.
  assert.deepEqual(await ids(nested('diet', { must: [] })), [1, 2]);
  assert.deepEqual(await ids(nested('diet', { should: [] })), []);
  assert.deepEqual(
    await ids({ must_not: [{ nested: { key: 'diet', filter: { should: [] } } }] }),
    [1, 2, 3, 4],
  );
  // An index of the field knows points, not elements, and so may not answer.
  await client.createPayloadIndex('c', { wait: true, field_name: 'diet[].food', field_schema: 'keyword' });
  assert.deepEqual(await ids(nested('diet', { must: [meat, liked] })), [2]);
});

test('values_count counts elements, one for a value, none for null or a missing field', async (t) => {
  const { client } = await startLocal(t);
  await withPayloads(client, 'c', [{ v: ['a', 'b'] }, { v: 'a' }, { v: null }, {}, { v: [] }, { v: [[]] }]);
  const ids = async (values_count: object): Promise<unknown[]> =>
    (await client.scroll('c', { filter: key('v', { values_count }) })).points.map((point) => point.id);
  assert.deepEqual(await ids({ gte: 2 }), [1]);
  assert.deepEqual(await ids({ gt: 0, lt: 2 }), [2, 6]);
  assert.deepEqual(await ids({ lte: 0 }), [3, 4, 5]);
});

test('has_vector finds the points that have it', async (t) => {
  const { client } = await startLocal(t);
  await client.createCollection('c', { vectors: { size: 1, distance: 'Dot' }, sparse_vectors: { s: {} } });
  const points = [
    { id: 1, vector: [1] },
    { id: 2, vector: { s: { indices: [1], values: [1] } } },
    { id: 3, vector: {} },
  ];
  await client.upsert('c', { wait: true, points });
  const ids = async (has_vector: string): Promise<unknown[]> =>
    (await client.scroll('c', { filter: { must: [{ has_vector }] } })).points.map((point) => point.id);
  assert.deepEqual([await ids(''), await ids('s'), await ids('none')], [[1], [2], []]);
});

test('is_null sees a null inside an array, with an index and without', async (t) => {
  const { client } = await startLocal(t);
  await withPayloads(client, 'c', [{ s: [null, 'a'] }, { s: null }, { s: ['a'] }, { s: [null] }, {}]);
  const ids = async (filter: Filter): Promise<unknown[]> =>
    (await client.scroll('c', { filter })).points.map((point) => point.id);
  for (let round = 0; round < 2; round++) {
    assert.deepEqual(await ids({ must: [{ is_null: { key: 's' } }] }), [1, 2, 4]);
    assert.deepEqual(await ids(key('s', { is_null: true })), [1, 2, 4]);
    assert.deepEqual(await ids(key('s', { is_null: false })), [3, 5]);
    assert.deepEqual(await ids({ must: [{ is_empty: { key: 's' } }] }), [2, 5]);
    await client.createPayloadIndex('c', { wait: true, field_name: 's', field_schema: 'keyword' });
  }
});

test('a field condition asks of each value that [] reaches, and so may hold both ways', async (t) => {
  const { client } = await startLocal(t);
  await withPayloads(client, 'c', [{ s: ['a', null] }, { s: ['a'] }, { s: [null] }, { s: 'a' }, {}]);
  const ids = async (filter: Filter): Promise<unknown[]> =>
    (await client.scroll('c', { filter })).points.map((point) => point.id);
  assert.deepEqual(await ids(key('s[]', { is_null: true })), [1, 3]);
  assert.deepEqual(await ids(key('s[]', { is_null: false })), [1, 2, 4, 5]);
  assert.deepEqual(await ids(key('s[]', { is_empty: true })), [1, 3, 4, 5]);
  assert.deepEqual(await ids(key('s[]', { is_empty: false })), [1, 2]);
  assert.deepEqual(await ids({ must: [{ is_empty: { key: 's[]' } }] }), [3, 4, 5]);
  assert.deepEqual(await ids({ must: [{ is_null: { key: 's[]' } }] }), [1, 3]);
});

test('min_should counts, down to conditions that are not there', async (t) => {
  const ids = await matcher(t);
  assert.deepEqual(await ids({ min_should: { conditions: [], min_count: 0 } }), [1, 2, 3, 4, 5]);
  assert.deepEqual(await ids({ min_should: { conditions: [], min_count: 1 } }), []);
  assert.deepEqual(
    await ids({ min_should: { conditions: [{ has_id: [1] }], min_count: 0 } }),
    [1, 2, 3, 4, 5],
  );
});

test('dotted keys reach into objects, and into arrays with []', async (t) => {
  const ids = await matcher(t);
  assert.deepEqual(await ids(key('deep.list[].x', { match: { value: 2 } })), [3]);
  assert.deepEqual(await ids(key('deep.list[0].x', { match: { value: 1 } })), [3]);
  assert.deepEqual(await ids(key('deep.list.x', { match: { value: 1 } })), [4]);
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
