import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { QdrantClient } from '@qdrant/js-client-rest';
import { Collection } from './collection/collection.ts';
import { startQdrantLocal } from './index.ts';
import { CollectionLog } from './persistence/collection-log.ts';
import { readCollectionConfig } from './request/collection-config.ts';
import { runBin } from './test/bin.ts';
import { startLocal, temporaryFolder } from './test/local.ts';

const CONFIG = {
  vectors: { d: { size: 2, distance: 'Cosine' as const } },
  sparse_vectors: { s: { modifier: 'idf' as const } },
};
const UUID = '0b4e1a3c-0000-4000-8000-000000000001';

const point = (id: number | string, n: number) => ({
  id,
  vector: { d: [n, 1], s: { indices: [n, 1000], values: [0.3, 0.1] } },
  payload: { n, text: 'é"\n', list: [n, null] },
});

async function fill(client: QdrantClient): Promise<void> {
  await client.createCollection('c', { ...CONFIG, metadata: { by: 'test' } });
  await client.createPayloadIndex('c', { wait: true, field_name: 'n', field_schema: 'integer' });
  const text = { type: 'text', min_token_len: 2 } as const;
  await client.createPayloadIndex('c', { wait: true, field_name: 'text', field_schema: text });
  await client.updateCollectionAliases({
    actions: [{ create_alias: { alias_name: 'live', collection_name: 'c' } }],
  });
  await client.upsert('c', { wait: true, points: [point(1, 1), point(2, 2), point(UUID, 3), point(4, 4)] });
  await client.setPayload('c', { wait: true, points: [2], payload: { n: 20 } });
  await client.overwritePayload('c', { wait: true, points: [UUID], payload: { o: 1 } });
  await client.upsert('c', { wait: true, points: [{ id: 7, vector: {} }, point(1, 5)] });
  await client.delete('c', { wait: true, filter: { must: [{ key: 'n', match: { value: 4 } }] } });
}

/** All that can be asked of it. */
const answers = async (client: QdrantClient): Promise<unknown> => [
  await client.getCollection('live'),
  await client.getAliases(),
  await client.scroll('live', { with_vector: true }),
  await client.query('live', { query: [1, 2], using: 'd', with_payload: true }),
  await client.query('live', { query: { indices: [2, 1000], values: [1, 1] }, using: 's' }),
  await client.count('live', { filter: { must: [{ key: 'n', match: { value: 20 } }] } }),
  await client.count('live', { filter: { must: [{ key: 'text', match: { text: 'É' } }] } }),
];

/** The files of the only collection in the folder. */
function collectionFolder(path: string): string {
  const [folder = ''] = readdirSync(join(path, 'collections'));
  return join(path, 'collections', folder);
}

test('a reopened folder gives the same answers, and goes on counting', async (t) => {
  const path = temporaryFolder(t);
  const first = await startLocal(t, path);
  await fill(first.client);
  const before = await answers(first.client);
  const { operation_id: last } = await first.client.upsert('c', { wait: true, points: [] });
  await first.server.close();
  const second = await startLocal(t, path);
  assert.deepEqual(await answers(second.client), before);
  assert.deepEqual(second.warnings, []);
  const { operation_id: next } = await second.client.upsert('c', { wait: true, points: [point(9, 9)] });
  assert.ok((next ?? 0) >= (last ?? 0));
  await second.client.deleteCollection('c');
  await second.server.close();
  const third = await startLocal(t, path);
  assert.deepEqual(await third.client.getCollections(), { collections: [] });
  assert.deepEqual(readdirSync(join(path, 'collections')), []);
});

test('a torn tail of the log is cut with a warning, at whatever byte it ends', async (t) => {
  const path = temporaryFolder(t);
  const first = await startLocal(t, path);
  await first.client.createCollection('c', CONFIG);
  await first.client.upsert('c', { wait: true, points: [point(1, 1)] });
  const log = join(collectionFolder(path), '0.log');
  const whole = statSync(log).size;
  await first.client.upsert('c', { wait: true, points: [point(2, 2)] });
  await first.server.close();
  const bytes = readFileSync(log);
  for (const size of [whole + 1, whole + 9, bytes.length - 1]) {
    writeFileSync(log, bytes);
    truncateSync(log, size);
    const { client, server, warnings } = await startLocal(t, path);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /0\.log: the last \d+ bytes are not a whole record/);
    assert.equal(statSync(log).size, whole);
    assert.equal((await client.count('c')).count, 1);
    await client.upsert('c', { wait: true, points: [point(3, 3)] });
    await server.close();
    const again = await startLocal(t, path);
    assert.deepEqual(again.warnings, []);
    assert.equal((await again.client.count('c')).count, 2);
    await again.server.close();
  }
});

test('zeros and flipped bits at the end of the log are cut too; an empty log is begun anew', async (t) => {
  const path = temporaryFolder(t);
  const first = await startLocal(t, path);
  await first.client.createCollection('c', CONFIG);
  await first.client.upsert('c', { wait: true, points: [point(1, 1)] });
  await first.server.close();
  const log = join(collectionFolder(path), '0.log');
  appendFileSync(log, Buffer.alloc(4096));
  const zeros = await startLocal(t, path);
  assert.equal((await zeros.client.count('c')).count, 1);
  await zeros.server.close();
  const bytes = readFileSync(log);
  bytes[bytes.length - 3] = (bytes.at(-3) ?? 0) ^ 1;
  writeFileSync(log, bytes);
  const flipped = await startLocal(t, path);
  assert.equal((await flipped.client.count('c')).count, 0);
  await flipped.server.close();
  writeFileSync(log, '');
  const empty = await startLocal(t, path);
  assert.equal(empty.warnings.length, 1);
  await empty.client.upsert('c', { wait: true, points: [point(1, 1)] });
  await empty.server.close();
  const last = await startLocal(t, path);
  assert.equal((await last.client.count('c')).count, 1);
});

test('a snapshot taken while changes go on loses none of them, and replaces the older files', async (t) => {
  const directory = join(temporaryFolder(t), 'c');
  const warn = (message: string): void => assert.fail(message);
  const config = readCollectionConfig(CONFIG);
  const collection = new Collection(config);
  const log = await CollectionLog.create(directory, warn);
  const write = (change: Parameters<CollectionLog['append']>[0]): void => {
    log.append(change);
    collection.apply(change);
  };
  const upsert = (ids: number[], n: number): void => {
    const version = collection.nextVersion();
    const vectors = () => new Map([['d', new Float32Array([n, 1])]]);
    write({ op: 'upsert', points: ids.map((id) => ({ id, version, payload: { n }, vectors: vectors() })) });
  };
  const ids = Array.from({ length: 3000 }, (_, row) => row);
  upsert(ids, 0);
  const compacting = log.compact(collection);
  for (let round = 1; round < 60; round++) {
    upsert([round * 7, 3000 + round], round);
    write({ op: 'payload', version: collection.nextVersion(), ids: [round * 11], payloads: [{ n: -round }] });
    write({ op: 'delete', version: collection.nextVersion(), ids: [round * 13, round * 7 - 7] });
    await log.sync();
  }
  await compacting;
  await log.close();
  assert.deepEqual(readdirSync(directory).toSorted(), ['1.log', '1.snapshot']);
  const reopened = new Collection(config);
  await (await CollectionLog.open(directory, reopened, warn)).close();
  const state = ({ points, version }: Collection): unknown => [
    version,
    Array.from(points.order.from(undefined), (id) => {
      const slot = points.slotOf(id) as number;
      return [id, points.versionAt(slot), points.payloadAt(slot)];
    }),
  ];
  assert.deepEqual(state(reopened), state(collection));
});

test('a folder serves one server at a time', async (t) => {
  const path = temporaryFolder(t);
  const first = await startLocal(t, path);
  await assert.rejects(startQdrantLocal({ path }), /already in use by this process/);
  const second = await runBin(t, path);
  assert.equal(await second.exit, 1);
  assert.match(second.errors(), new RegExp(`already in use by process ${process.pid}`));
  await first.server.close();
  const third = await startLocal(t, path);
  assert.deepEqual((await third.client.getCollections()).collections, []);
});

test('kill -9 after a completed upsert loses nothing', async (t) => {
  const path = temporaryFolder(t);
  for (let life = 0; life < 3; life++) {
    const bin = await runBin(t, path);
    const client = new QdrantClient({ url: await bin.url, checkCompatibility: false });
    if (life === 0) await client.createCollection('c', CONFIG);
    assert.equal((await client.count('c')).count, life * 50, bin.errors());
    for (let id = life * 50; id < life * 50 + 50; id++) {
      const { status } = await client.upsert('c', { wait: true, points: [point(id, id)] });
      assert.equal(status, 'completed');
    }
    // More, in flight and not waited for, so that the log is likely to be cut short.
    const late = Array.from({ length: 200 }, (_, row) => point(row, row));
    const inFlight = client
      .upsert('c', { wait: true, points: late.slice(0, life * 50 + 50) })
      .catch(() => undefined);
    bin.child.kill('SIGKILL');
    await Promise.all([bin.exit, inFlight]);
  }
  const { client } = await startLocal(t, path);
  const { points } = await client.scroll('c', { limit: 200 });
  assert.deepEqual(
    points.map(({ id, payload }) => [id, payload?.['n']]),
    Array.from({ length: 150 }, (_, id) => [id, id]),
  );
});

test('bin.ts ends on SIGTERM and gives the folder back', async (t) => {
  const path = temporaryFolder(t);
  const bin = await runBin(t, path);
  const client = new QdrantClient({ url: await bin.url, checkCompatibility: false });
  await client.createCollection('c', CONFIG);
  // Not waited for: a server that is asked to end still writes it.
  await client.upsert('c', { wait: false, points: [point(1, 1)] });
  bin.child.kill('SIGTERM');
  assert.equal(await bin.exit, 0, bin.errors());
  assert.deepEqual(readdirSync(path).toSorted(), ['catalog.json', 'collections']);
  const local = await startLocal(t, path);
  assert.equal((await local.client.count('c')).count, 1);
});
