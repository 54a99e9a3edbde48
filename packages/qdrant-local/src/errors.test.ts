import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must, OPERATION_CASES, ORDER_CASES, point } from './test/error-cases.ts';
import type { Case } from './test/error-cases.ts';
import { errorOf, send, startLocal } from './test/local.ts';

const DOT2 = { vectors: { size: 2, distance: 'Dot' as const }, sparse_vectors: { s: {} } };

const CASES: Case[] = [
  ['GET', '/none', undefined, 404, /^Not found: Collection `none` doesn't exist!$/],
  ['PUT', '/none/points', point([1, 2]), 404, /Collection `none` doesn't exist!/],
  ['PUT', '/c', DOT2, 409, /^Wrong input: Collection `c` already exists!$/],
  ['PUT', '/a', DOT2, 400, /^Wrong input: Can't create collection with name a. Alias with the same name/],
  [
    'PUT',
    '/new',
    { vectors: { size: 0, distance: 'Dot' } },
    422,
    /^Validation error in JSON body: \[vectors.size: value 0/,
  ],
  ['PUT', '/new', { vectors: { size: 2, distance: 'Far' } }, 400, /unknown variant `Far`/],
  [
    'PUT',
    '/new',
    { ...DOT2, hnsw_config: { ef_construct: 0 } },
    422,
    /hnsw_config.ef_construct: value 0 invalid/,
  ],
  ['PUT', '/new?timeout=0', DOT2, 422, /^Validation error in query parameters: \[timeout: value 0 invalid/],
  ['PUT', '/a%2Fb', DOT2, 422, /collection name cannot contain "\/" char/],
  ['GET', '//exists', undefined, 422, /^Validation error in path parameters: /],
  ['GET', '/a%09b/exists', undefined, 422, /collection name cannot contain "\\t" char/],
  ['GET', `/${'x'.repeat(256)}`, undefined, 422, /^Validation error in path parameters: /],
  ['PUT', '/new', '{"vectors":', 400, /^Format error in JSON body: /],
  ['PUT', '/c/points', undefined, 400, /^Format error in JSON body: EOF while parsing/],
  ['PUT', '/c/points', [], 400, /body: invalid type: sequence, expected a map/],
  ['PUT', '/c/points', {}, 400, /untagged enum PointInsertOperations/],
  ['PUT', '/c/points', '[1', 400, /^Format error in JSON body: /],
  [
    'PUT',
    '/c/points',
    point([1, 2, 3]),
    400,
    /^Wrong input: Vector dimension error: expected dim: 2, got 3$/,
  ],
  ['PUT', '/c/points', point({ no: [1] }), 400, /^Wrong input: Not existing vector name error: no$/],
  ['PUT', '/c/points', point([1, 'x']), 400, /Format error/],
  ['PUT', '/c/points', point([1, 1e39]), 400, /Format error/],
  [
    'PUT',
    '/c/points',
    point([1, 2], 'abc'),
    400,
    /value abc is not a valid point ID, valid values are either/,
  ],
  ['PUT', '/c/points', point([1, 2], -1), 400, /not a valid point ID/],
  ['PUT', '/c/points', { points: [{ id: 1 }] }, 400, /missing field `vector`/],
  ['PUT', '/c/points?wait=maybe', point([1, 2]), 400, /^Deserialize error in query parameters/],
  [
    'PUT',
    '/c/points',
    point({ s: { indices: [1, 2], values: [1] } }),
    422,
    /^Validation error in JSON body: \[points\[0\]\.vector\.\?\.values: Validation error: must be the same length as indices/,
  ],
  [
    'PUT',
    '/c/points',
    point({ s: { indices: [1, 1], values: [1, 2] } }),
    422,
    /indices: Validation error: must be unique/,
  ],
  [
    'PUT',
    '/c/points',
    { batch: { ids: [1, 2], vectors: [[1, 2]] } },
    422,
    /number of ids and vectors must be equal \(2 != 1\)/,
  ],
  ['GET', '/c/points/9', undefined, 404, /^Not found: Point with id 9 does not exists!$/],
  ['GET', '/c/points/nine', undefined, 400, /^Wrong input: Can not recognize "nine" as point id$/],
  [
    'POST',
    '/c/points/payload',
    { payload: { a: 1 }, points: [9] },
    404,
    /^Not found: No point with id 9 found$/,
  ],
  [
    'POST',
    '/c/points/payload',
    { payload: { a: 1 } },
    400,
    /Either list of point ids or filter must be provided/,
  ],
  [
    'POST',
    '/c/points/payload',
    { payload: { a: 1 }, points: [], key: 'a..b' },
    400,
    /Invalid json path: 'a..b'/,
  ],
  ['POST', '/c/points/delete', {}, 400, /Either list of point ids or filter must be provided/],
  ['POST', '/c/points/scroll', { limit: 0 }, 422, /limit: value 0 invalid, must be 1 or larger/],
  [
    'POST',
    '/c/points/scroll',
    { filter: { must: [{ key: 'a', match: { value: 1.5 } }] } },
    400,
    /enum Match/,
  ],
  ['POST', '/c/points/scroll', { filter: { musst: [] } }, 400, /unknown field `musst`/],
  ['POST', '/c/points/scroll', must({ key: 'a b', match: { value: 1 } }), 400, /Invalid json path: 'a b'/],
  ['POST', '/c/points/scroll', must({ key: 'a', match: { any: [1, 'x'] } }), 400, /enum AnyVariants/],
  ['POST', '/c/points/scroll', must({ key: 'a', range: { gt: 'soon' } }), 400, /enum RangeInterface/],
  ['POST', '/c/points/query', { query: [1, 2, 3] }, 400, /expected dim: 2, got 3/],
  ['POST', '/c/points/query', { query: [1, 2], using: 'x' }, 400, /Vector with name `x` is not configured/],
  [
    'POST',
    '/c/points/query',
    { query: [1, 2], limit: 0 },
    422,
    /internal.limit: value 0 invalid, must be 1 or larger/,
  ],
  // What is wrong with the request comes before what is not supported.
  ['POST', '/c/points/query', { query: { recommend: {} }, limit: 0 }, 422, /internal.limit/],
  [
    'POST',
    '/c/points/query',
    { prefetch: [{ query: { recommend: {} } }] },
    400,
    /^Bad request: A query is needed to merge the prefetches/,
  ],
  ['POST', '/c/points/query', { query: 77 }, 404, /No point with id 77 found/],
  [
    'POST',
    '/c/points/query',
    { score_threshold: 1 },
    400,
    /^Bad request: A query is needed to use the score_threshold/,
  ],
  [
    'POST',
    '/c/points/query',
    { prefetch: [{}] },
    400,
    /^Bad request: A query is needed to merge the prefetches/,
  ],
  [
    'POST',
    '/c/points/query',
    { prefetch: [{}], query: { fusion: 'rrf' }, using: 's' },
    400,
    /Fusion queries cannot be/,
  ],
  [
    'POST',
    '/c/points/query',
    { query: [1, 2], with_vector: ['x'] },
    400,
    /Not existing vector name error: x/,
  ],
  [
    'POST',
    '/aliases',
    { actions: [{ create_alias: { alias_name: 'c', collection_name: 'c' } }] },
    409,
    /already exists/,
  ],
  [
    'POST',
    '/aliases',
    { actions: [{ create_alias: { alias_name: 'z', collection_name: 'none' } }] },
    404,
    /doesn't exist/,
  ],
  ['PUT', '/c/index', { field_name: 'f', field_schema: 'what' }, 400, /PayloadFieldSchema/],
  ...ORDER_CASES,
  ...OPERATION_CASES,
];

test('errors have the shape, status and wording of the server', async (t) => {
  const { client, server } = await startLocal(t);
  await client.createCollection('c', DOT2);
  await client.updateCollectionAliases({
    actions: [{ create_alias: { alias_name: 'a', collection_name: 'c' } }],
  });
  for (const [method, path, body, status, message] of CASES) {
    const answer = await send(server, method, `/collections${path}`, body);
    const what = `${method} ${path.slice(0, 40)} ${JSON.stringify(body)}: ${JSON.stringify(answer)}`;
    assert.equal(answer.status, status, what);
    assert.match(errorOf(answer), message, what);
    assert.deepEqual(Object.keys(answer.body).toSorted(), ['status', 'time'], what);
    assert.equal(typeof answer.body.time, 'number');
  }
  assert.equal((await client.getCollection('c')).points_count, 0);
});

test('the client finds the reason where it looks for it', async (t) => {
  const { client } = await startLocal(t);
  await assert.rejects(client.count('none'), (error: unknown) => {
    const { status, data } = error as { status: number; data: { status: { error: string } } };
    return status === 404 && data.status.error === "Not found: Collection `none` doesn't exist!";
  });
});

test('a batch with one wrong point changes nothing', async (t) => {
  const { client } = await startLocal(t);
  await client.createCollection('c', DOT2);
  const points = [
    { id: 1, vector: [1, 2] },
    { id: 2, vector: [1] },
  ];
  await assert.rejects(client.upsert('c', { wait: true, points }));
  assert.equal((await client.count('c')).count, 0);
});

test('a deeply nested filter, payload or path is refused, not a stack overflow', async (t) => {
  const { client, server } = await startLocal(t);
  await client.createCollection('c', DOT2);
  const filter = `${'{"must":['.repeat(5000)}${']}'.repeat(5000)}`;
  const answer = await send(server, 'POST', '/collections/c/points/scroll', `{"filter":${filter}}`);
  assert.equal(answer.status, 400);
  assert.match(errorOf(answer), /recursion limit/);
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const points = `{"points":[{"id":1,"vector":{},"payload":{"a":${deep}}}]}`;
  assert.match(errorOf(await send(server, 'PUT', '/collections/c/points', points)), /recursion limit/);
  const key = Array.from({ length: 20_000 }, () => 'a').join('.');
  const set = await send(server, 'POST', '/collections/c/points/payload', { points: [], payload: {}, key });
  assert.match(errorOf(set), /Invalid json path/);
});
