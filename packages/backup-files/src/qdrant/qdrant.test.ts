import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, describe, test } from 'node:test';
import { bench } from '../testing/bench.ts';
import { findBackup, pointsOf, restoreBackup, type Backup } from '../index.ts';
import { QdrantRest } from './client.ts';

describe('the collections of a backup', async () => {
  const b = await bench();
  after(() => b.close());
  const { client } = b;

  /** A collection as the semantic matcher makes it. */
  async function make(name: string, afk: string | undefined, count: number): Promise<void> {
    const metadata = afk === undefined ? {} : { afk, index: name, version: { stored: 1 } };
    await client.createCollection(name, {
      vectors: { dense: { size: 4, distance: 'Cosine' } },
      sparse_vectors: { sparse: { modifier: 'idf' } },
      metadata,
    });
    await client.createPayloadIndex(name, { field_name: 'n', field_schema: 'integer', wait: true });
    const points = Array.from({ length: count }, (_, i) => ({
      id: i + 1,
      vector: { dense: [1, i, 2, 3], sparse: { indices: [i, i + 1], values: [1, 2] } },
      payload: { n: i, title: `Titre ${i} – 漢字` },
    }));
    await client.upsert(name, { wait: true, points });
  }
  const lead = (alias_name: string, collection_name: string): Promise<boolean> =>
    client.updateCollectionAliases({ actions: [{ create_alias: { alias_name, collection_name } }] });
  const all = (name: string) =>
    client.scroll(name, { limit: 1000, with_payload: true, with_vector: true }).then((r) => r.points);
  const names = async (): Promise<string[]> =>
    (await client.getCollections()).collections.map((c) => c.name).toSorted();
  const restore = (backup: Backup): Promise<void> =>
    restoreBackup({
      backup,
      databaseUrl: b.database.url,
      qdrant: b.qdrant,
      env: '',
      restoreRedis: async () => {},
      signal: AbortSignal.timeout(60_000),
    });

  test('are those of this environment, their snapshots do not stay on the server', async () => {
    await make('headlines_one', 'headlines', 300);
    await make('headlines_two', 'headlines', 20);
    await lead('headlines', 'headlines_one');
    await make('staging-headlines_x', 'staging-headlines', 5);
    await lead('staging-headlines', 'staging-headlines_x');
    await make('headlines_of_somebody', undefined, 3);
    const backup = await b.take();
    const { collections, aliases } = backup.manifest.qdrant;
    assert.deepEqual(
      collections.map((c) => [c.name, c.points]),
      [
        ['headlines_one', 300],
        ['headlines_two', 20],
      ],
    );
    assert.equal(pointsOf(backup.manifest), 320);
    assert.deepEqual(aliases, [{ alias: 'headlines', collection: 'headlines_one' }]);
    assert.deepEqual(await client.listSnapshots('headlines_one'), []);
    const staging = await b.take({ env: 'staging' });
    assert.equal(pointsOf(staging.manifest), 5);
  });

  test('a name that is none for a file: the backup can be read again, and restored', async () => {
    const name = "headlines_it's~(odd)!";
    await make(name, 'headlines', 7);
    await b.take({ at: new Date('2026-11-21T20:00:00Z') });
    const backup = await findBackup(b.backups, '2026-11-21T20-00-00Z', '/');
    await client.deleteCollection(name);
    await restore(backup);
    assert.equal((await all(name)).length, 7);
    await client.deleteCollection(name);
  });

  test('restored, points and alias are what they were; others are left alone', async () => {
    const backup = await b.take({ at: new Date('2026-11-22T00:00:00Z') });
    const [before, others] = [await all('headlines_one'), await names()];
    await client.delete('headlines_one', { wait: true, points: [1, 2, 3] });
    await client.deleteCollection('headlines_two');
    await make('headlines_three', 'headlines', 7);
    await client.updateCollectionAliases({
      actions: [
        { delete_alias: { alias_name: 'headlines' } },
        { create_alias: { alias_name: 'headlines', collection_name: 'headlines_three' } },
      ],
    });
    await restore(backup);
    assert.deepEqual(await all('headlines'), before);
    assert.deepEqual(await names(), others);
    const { aliases } = await client.getAliases();
    assert.deepEqual(aliases.map((a) => `${a.alias_name} ${a.collection_name}`).toSorted(), [
      'headlines headlines_one',
      'staging-headlines staging-headlines_x',
    ]);
    const { config } = await client.getCollection('headlines');
    assert.equal((config as { metadata?: { afk?: string } }).metadata?.afk, 'headlines');
  });

  test('a Qdrant that does not take them in leaves the rows as they were', async () => {
    const backup = await b.take({ at: new Date('2026-11-23T00:00:00Z') });
    await b.database.pool.query(
      `insert into feeds (url, source, created_at) values ('https://x', 'opml', now())`,
    );
    const refusing = createServer((request, response) => {
      request.resume();
      response.writeHead(507).end('{"status":{"error":"no space left"}}');
    }).listen(0, '127.0.0.1');
    await once(refusing, 'listening');
    const qdrant = { url: `http://127.0.0.1:${(refusing.address() as AddressInfo).port}` };
    const options = {
      backup,
      databaseUrl: b.database.url,
      qdrant,
      env: '',
      signal: AbortSignal.timeout(60_000),
    };
    await assert.rejects(
      restoreBackup({ ...options, restoreRedis: async () => {} }),
      /Qdrant: no space left/,
    );
    refusing.close();
    assert.equal((await b.database.pool.query('select from feeds')).rowCount, 1);
  });

  test('a backup that is told to stop while it fetches a snapshot leaves none on the server', async () => {
    const stopping = new AbortController();
    const slow = createServer(async (request, response) => {
      // What is asked for is under way when the backup is told to stop.
      if (request.method === 'GET' && /snapshots\/./.test(request.url!)) return stopping.abort();
      const body = request.method === 'GET' ? undefined : await buffer(request);
      const headers = { 'content-type': request.headers['content-type'] ?? 'application/json' };
      const answer = await fetch(`${b.qdrant.url}${request.url}`, {
        method: request.method!,
        headers,
        ...(body?.length ? { body } : {}),
      });
      response.writeHead(answer.status).end(await answer.text());
    }).listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const qdrant = { url: `http://127.0.0.1:${(slow.address() as AddressInfo).port}` };
    const at = new Date('2026-11-23T12:00:00Z');
    await assert.rejects(b.take({ at, qdrant, signal: stopping.signal }), /abort/i);
    slow.closeAllConnections();
    slow.close();
    assert.deepEqual(await client.listSnapshots('headlines_one'), []);
  });

  test('a snapshot that a kill left on the server is removed by the next backup', async () => {
    const { name } = (await client.createSnapshot('headlines_one'))!;
    const own = (await client.createSnapshot('headlines_one'))!;
    const wreck = join(b.backups, '.partial-2026-11-01T00-00-00Z');
    await mkdir(wreck);
    const note = { collection: 'headlines_one', snapshot: name };
    await writeFile(join(wreck, 'snapshot-on-server.json'), JSON.stringify(note));
    await b.take({ at: new Date('2026-11-24T00:00:00Z') });
    const left = await client.listSnapshots('headlines_one');
    assert.deepEqual(
      left.map((s) => s.name),
      [own.name],
      'what somebody else made stays',
    );
  });
});

test('the key goes along, and a stale connection is tried again', async () => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.url} ${String(request.headers['api-key'])}`);
    if (seen.length === 1) return void request.socket.destroy();
    response.setHeader('content-type', 'application/json').end('{"result":{"collections":[]}}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/vectors/`;
  const qdrant = new QdrantRest({ url, apiKey: 'secret' }, AbortSignal.timeout(10_000));
  assert.deepEqual(await qdrant.collections(), []);
  assert.deepEqual(seen, ['/vectors/collections secret', '/vectors/collections secret']);
  await qdrant.close();
  server.close();
});
