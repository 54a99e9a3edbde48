import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QdrantClient } from '@qdrant/js-client-rest';
import { send, startLocal, temporaryFolder } from './test/local.ts';

test('the service routes answer, and the client takes the version', async (t) => {
  const { server } = await startLocal(t);
  const root = (await (await fetch(server.url)).json()) as { title: string; version: string };
  assert.match(root.version, /^1\.18\./);
  for (const path of ['/healthz', '/readyz', '/livez']) {
    assert.equal((await fetch(server.url + path)).status, 200);
  }
  const warn = t.mock.method(console, 'warn', () => undefined);
  const client = new QdrantClient({ url: server.url });
  assert.deepEqual((await client.getCollections()).collections, []);
  await client.versionInfo();
  assert.equal(warn.mock.callCount(), 0);
});

test('a collection is created, described, listed and deleted', async (t) => {
  const { client } = await startLocal(t);
  const vectors = {
    title: { size: 3, distance: 'Cosine' as const },
    body: { size: 2, distance: 'Euclid' as const },
  };
  const sparse_vectors = { text: { modifier: 'idf' as const } };
  assert.equal(
    await client.createCollection('news', { vectors, sparse_vectors, metadata: { by: 'test' } }),
    true,
  );
  const info = await client.getCollection('news');
  assert.equal(info.status, 'green');
  assert.equal(info.points_count, 0);
  assert.deepEqual(info.config.params.vectors, vectors);
  assert.deepEqual(info.config.params.sparse_vectors, sparse_vectors);
  assert.deepEqual(info.config.metadata, { by: 'test' });
  assert.deepEqual((await client.getCollections()).collections, [{ name: 'news' }]);
  assert.deepEqual(await client.collectionExists('news'), { exists: true });
  assert.equal(await client.deleteCollection('news'), true);
  assert.deepEqual(await client.collectionExists('news'), { exists: false });
  assert.equal(await client.deleteCollection('news'), false);
});

test('aliases are created, listed, renamed, moved in one step and deleted', async (t) => {
  const { client } = await startLocal(t);
  await client.createCollection('a', { vectors: { size: 1, distance: 'Dot' } });
  await client.createCollection('b', { vectors: { size: 1, distance: 'Dot' } });
  await client.upsert('a', { wait: true, points: [{ id: 1, vector: [1] }] });
  const create = (collection_name: string) => ({ create_alias: { alias_name: 'live', collection_name } });
  await client.updateCollectionAliases({ actions: [create('a')] });
  assert.equal((await client.count('live')).count, 1);
  assert.deepEqual(await client.collectionExists('live'), { exists: true });
  const expected = { aliases: [{ alias_name: 'live', collection_name: 'a' }] };
  assert.deepEqual(await client.getAliases(), expected);
  assert.deepEqual(await client.getCollectionAliases('a'), expected);
  assert.deepEqual(await client.getCollectionAliases('b'), { aliases: [] });
  await client.updateCollectionAliases({
    actions: [{ delete_alias: { alias_name: 'live' } }, create('b')],
  });
  assert.equal((await client.count('live')).count, 0);
  await client.updateCollectionAliases({
    actions: [{ rename_alias: { old_alias_name: 'live', new_alias_name: 'now' } }],
  });
  await client.upsert('now', { wait: true, points: [{ id: 7, vector: [2] }] });
  assert.equal((await client.count('b')).count, 1);
  await client.deleteCollection('b');
  assert.deepEqual(await client.getAliases(), { aliases: [] });
});

test('a list of alias actions with a wrong one changes nothing', async (t) => {
  const { client, server } = await startLocal(t);
  await client.createCollection('a', { vectors: { size: 1, distance: 'Dot' } });
  const answer = await send(server, 'POST', '/collections/aliases', {
    actions: [
      { create_alias: { alias_name: 'x', collection_name: 'a' } },
      { rename_alias: { old_alias_name: 'nobody', new_alias_name: 'y' } },
    ],
  });
  assert.equal(answer.status, 404);
  assert.deepEqual(await client.getAliases(), { aliases: [] });
});

test('payload indexes of each type are shown with their points, and go', async (t) => {
  const { client } = await startLocal(t);
  await client.createCollection('c', { sparse_vectors: { text: {} } });
  const payload = {
    k: ['a', 'b'],
    i: 1,
    f: 1.5,
    b: true,
    d: '2026-01-02T03:04:05Z',
    t: 'some words',
    u: '550e8400-e29b-41d4-a716-446655440000',
    'nested key': { x: 1 },
  };
  await client.upsert('c', {
    wait: true,
    points: [
      { id: 1, vector: {}, payload },
      { id: 2, vector: {}, payload: {} },
    ],
  });
  const types = { k: 'keyword', i: 'integer', f: 'float', b: 'bool', d: 'datetime', u: 'uuid' } as const;
  for (const [field_name, field_schema] of Object.entries(types)) {
    const answer = await client.createPayloadIndex('c', { wait: true, field_name, field_schema });
    assert.equal(answer.status, 'completed');
  }
  const text = { type: 'text', tokenizer: 'word', lowercase: true } as const;
  await client.createPayloadIndex('c', { wait: true, field_name: 't', field_schema: text });
  await client.createPayloadIndex('c', { wait: true, field_name: '"nested key".x', field_schema: 'integer' });
  const { payload_schema } = await client.getCollection('c');
  for (const [name, data_type] of Object.entries(types)) {
    assert.deepEqual(payload_schema[name], { data_type, points: 1 });
  }
  assert.deepEqual(payload_schema['t'], { data_type: 'text', params: text, points: 1 });
  assert.equal(payload_schema['"nested key".x']?.points, 1);
  await client.deletePayloadIndex('c', 'k', { wait: true });
  assert.equal((await client.getCollection('c')).payload_schema['k'], undefined);
});

const QUANTIZED = { scalar: { type: 'int8' as const, quantile: 0.8 } };

test('an update of a collection merges its settings, and lasts', async (t) => {
  const path = temporaryFolder(t);
  const { client, server } = await startLocal(t, path);
  await client.createCollection('c', {
    vectors: { size: 2, distance: 'Dot', on_disk: false },
    sparse_vectors: { s: { modifier: 'idf' } },
    metadata: { a: 1, b: 2 },
    hnsw_config: { m: 10 },
  });
  await client.updateCollection('c', {
    vectors: { '': { hnsw_config: { m: 32 }, quantization_config: QUANTIZED, on_disk: true } },
    hnsw_config: { ef_construct: 123 },
    optimizers_config: { indexing_threshold: 0 },
    quantization_config: QUANTIZED,
    params: { on_disk_payload: false, replication_factor: 2 },
    sparse_vectors: { s: { index: { on_disk: true } } },
  });
  // By hand, since the client does not pass metadata on.
  await send(server, 'PATCH', '/collections/c', { metadata: { a: null, c: 3 } });
  await server.close();
  const info = await (await startLocal(t, path)).client.getCollection('c');
  assert.deepEqual(info.config.params.vectors, {
    size: 2,
    distance: 'Dot',
    on_disk: true,
    hnsw_config: { m: 32 },
    quantization_config: QUANTIZED,
  });
  assert.deepEqual(info.config.params.sparse_vectors, { s: { modifier: 'idf', index: { on_disk: true } } });
  assert.equal(info.config.hnsw_config.m, 10);
  assert.equal(info.config.hnsw_config.ef_construct, 123);
  assert.deepEqual(info.config.quantization_config, QUANTIZED);
  assert.equal(info.config.params.on_disk_payload, false);
  assert.equal(info.config.params.replication_factor, 2);
  assert.deepEqual(info.config.metadata, { b: 2, c: 3 });
});

test('quantization is disabled by name, and idf is switched off and on', async (t) => {
  const { client } = await startLocal(t);
  await client.createCollection('c', {
    vectors: { v: { size: 1, distance: 'Dot', quantization_config: QUANTIZED } },
    sparse_vectors: { s: { modifier: 'idf' } },
  });
  await client.updateCollection('c', { vectors: { v: { quantization_config: 'Disabled' } } });
  assert.deepEqual((await client.getCollection('c')).config.params.vectors, {
    v: { size: 1, distance: 'Dot' },
  });
  const vector = { s: { indices: [1], values: [1] } };
  await client.upsert('c', { wait: true, points: [{ id: 1, vector }] });
  const score = async (): Promise<number | undefined> =>
    (await client.query('c', { query: { indices: [1], values: [2] }, using: 's' })).points[0]?.score;
  // One vector of one: ln((1 - 1 + 0.5) / (1 + 0.5) + 1).
  const idf = Math.log(0.5 / 1.5 + 1);
  assert.ok(Math.abs(((await score()) ?? 0) - 2 * idf) < 1e-6);
  await client.updateCollection('c', { sparse_vectors: { s: { modifier: 'none' } } });
  assert.equal(await score(), 2);
});

test('vectors count as indexed, except where the collection is told to index none', async (t) => {
  const { client } = await startLocal(t);
  for (const [name, indexing_threshold, expected] of [
    ['some', 10, 3],
    ['none', 0, 0],
  ] as const) {
    await client.createCollection(name, {
      vectors: { size: 1, distance: 'Dot' },
      sparse_vectors: { s: {} },
      optimizers_config: { indexing_threshold },
      wal_config: { wal_capacity_mb: null },
    });
    const points = [
      { id: 1, vector: [1] },
      { id: 2, vector: { '': [1], s: { indices: [1], values: [1] } } },
    ];
    await client.upsert(name, { wait: true, points });
    const info = await client.getCollection(name);
    assert.equal(info.indexed_vectors_count, expected);
    assert.equal(info.points_count, 2);
    assert.equal(info.config.wal_config?.wal_capacity_mb, 32);
  }
});
