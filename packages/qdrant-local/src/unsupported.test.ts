import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must, point } from './test/error-cases.ts';
import { errorOf, send, startLocal } from './test/local.ts';

const DOT2 = { vectors: { size: 2, distance: 'Dot' as const }, sparse_vectors: { s: {} } };

const REFUSED: [method: string, path: string, body: unknown, feature: RegExp][] = [
  ['PATCH', '/c', { strict_mode_config: { enabled: true } }, /strict mode/],
  ['PUT', '/c/vectors/v', { dense: { size: 2, distance: 'Dot' } }, /named vectors/],
  ['POST', '/c/points/recommend', { positive: [1], limit: 1 }, /recommend/],
  ['POST', '/c/points/discover', { target: 1, limit: 1 }, /discover/],
  ['POST', '/c/shards/0/snapshots', undefined, /snapshots of shards/],
  ['PUT', '/c/shards/0/snapshots/recover', { location: 'file:///x' }, /snapshots of shards/],
  ['POST', '/c/points/query', { query: { recommend: {} } }, /recommend/],
  ['POST', '/c/points/query', { query: { formula: {} } }, /formula/],
  ['POST', '/c/points/query', { query: { context: [] } }, /context/],
  ['POST', '/c/points/query', { query: { nearest: [1, 2], mmr: {} } }, /mmr/],
  ['POST', '/c/points/query', { query: [[1, 2]] }, /multivector/],
  ['POST', '/c/points/query', { query: { text: 'x', model: 'm' } }, /inference/],
  ['POST', '/c/points/query', { query: [1, 2], lookup_from: { collection: 'c' } }, /lookup_from/],
  ['POST', '/c/points/scroll', must({ key: 'a', geo_radius: {} }), /geo_radius/],
  ['PUT', '/c/points', point([[1, 2]]), /multivector/],
  ['PUT', '/c/points', '{"points":[{"id":9007199254740993,"vector":[1,2]}]}', /2\^53/],
  ['PUT', '/c/points', { points: [], shard_key: 'x' }, /shard key/],
  ['PUT', '/new', { vectors: { size: 2, distance: 'Dot', multivector_config: {} } }, /multivectors/],
  ['PUT', '/new', { vectors: { size: 2, distance: 'Dot', datatype: 'uint8' } }, /datatype uint8/],
  ['PUT', '/c/index', { field_name: 'f', field_schema: 'geo' }, /geo/],
  [
    'PUT',
    '/c/index',
    { field_name: 'f', field_schema: { type: 'text', stopwords: 'english' } },
    /stop words/,
  ],
  ['PUT', '/c/index', { field_name: 'f', field_schema: { type: 'text', stemmer: {} } }, /stemming/],
];

test('what is not supported answers 501 and names the feature', async (t) => {
  const { client, server } = await startLocal(t);
  await client.createCollection('c', DOT2);
  for (const [method, path, body, feature] of REFUSED) {
    const answer = await send(server, method, `/collections${path}`, body);
    const what = `${method} ${path} ${JSON.stringify(body)}: ${JSON.stringify(answer)}`;
    assert.equal(answer.status, 501, what);
    assert.match(errorOf(answer), /^Not implemented: /);
    assert.match(errorOf(answer), feature);
  }
  assert.equal((await send(server, 'GET', '/telemetry')).status, 501);
  assert.match(errorOf(await send(server, 'POST', '/snapshots')), /snapshots of the full storage/);
  assert.equal((await send(server, 'GET', '/nothing')).status, 404);
});
