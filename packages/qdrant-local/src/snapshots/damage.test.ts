import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { QdrantClient } from '@qdrant/js-client-rest';
import { runBin } from '../test/bin.ts';
import { errorOf, send, startLocal, temporaryFolder } from '../test/local.ts';
import { answers, downloadSnapshot, fill, uploadSnapshot } from '../test/snapshots.ts';

test('a file that is cut off, flipped or not ours is refused, and nothing changes', async (t) => {
  const { client, server } = await startLocal(t, temporaryFolder(t));
  await fill(client, 'c');
  const made = await client.createSnapshot('c');
  const bytes = new Uint8Array(await (await downloadSnapshot(server, 'c', made?.name ?? '')).arrayBuffer());
  await client.setPayload('c', { wait: true, points: [1], payload: { later: true } });
  const before = await answers(client, 'c');
  const refused = async (file: Uint8Array<ArrayBuffer>, reason: RegExp, query = ''): Promise<void> => {
    for (const name of ['c', 'new']) {
      const answer = await uploadSnapshot(server, name, file, query);
      assert.equal(answer.status, 400, JSON.stringify(answer.body));
      assert.match(errorOf(answer), reason);
    }
  };
  for (let size = 0; size < bytes.length; size += 13) {
    await refused(bytes.slice(0, size), /cannot be recovered: .*(damaged|cut off|no snapshot)/);
  }
  for (let at = 0; at < bytes.length; at += 11) {
    const flipped = bytes.slice();
    flipped[at] = (flipped[at] ?? 0) ^ 4;
    await refused(flipped, /cannot be recovered: .*(damaged|no snapshot)/);
    await refused(
      flipped,
      /^Checksum mismatch: expected \w{64}, actual \w{64}$/,
      `?checksum=${made?.checksum}`,
    );
  }
  await refused(new Uint8Array([...bytes, 0]), /damaged/);
  const tar = new Uint8Array(10_240);
  tar.set(new TextEncoder().encode('ustar'), 257);
  await refused(tar, /tar archive, as snapshots of Qdrant are/);
  assert.deepEqual(await answers(client, 'c'), before);
  assert.equal((await client.collectionExists('new')).exists, false);
});

test('a cut between two records is noticed', async (t) => {
  const { client, server } = await startLocal(t);
  await client.createCollection('c', { sparse_vectors: { s: {} } });
  const points = Array.from({ length: 1200 }, (_, id) => ({ id, vector: {} }));
  await client.upsert('c', { wait: true, points });
  const made = await client.createSnapshot('c');
  const bytes = Buffer.from(await (await downloadSnapshot(server, 'c', made?.name ?? '')).arrayBuffer());
  // Records, each after its length and checksum, begin after the eight bytes that mark the file.
  let end = 8;
  for (let record = 0; record < 3; record++) end += 8 + bytes.readUInt32LE(end);
  const answer = await uploadSnapshot(server, 'new', new Uint8Array(bytes.subarray(0, end)));
  assert.equal(answer.status, 400);
  assert.match(errorOf(answer), /cut off: 500 of 1200 points/);
});

test('wrong requests are refused by name', async (t) => {
  const path = temporaryFolder(t);
  const { client, server } = await startLocal(t, path);
  await fill(client, 'c');
  await client.createSnapshot('c');
  await client.createCollection('other', { vectors: { d: { size: 3, distance: 'Dot' } } });
  const made = await client.createSnapshot('other');
  const location = `${server.url}/collections/other/snapshots/${made?.name}`;
  const recover = '/c/snapshots/recover';
  const sum = '0'.repeat(64);
  const cases: [method: string, path: string, body: unknown, status: number, message: RegExp][] = [
    ['GET', '/none/snapshots', undefined, 404, /Collection `none` doesn't exist/],
    ['POST', '/none/snapshots', undefined, 404, /Collection `none` doesn't exist/],
    ['POST', '/c/snapshots?wait=maybe', undefined, 400, /provided string was not/],
    ['GET', '/c/snapshots/none', undefined, 404, /^Not found: Snapshot none not found$/],
    ['DELETE', '/c/snapshots/none', undefined, 404, /^Not found: Snapshot none not found$/],
    ['PUT', recover, undefined, 400, /EOF while parsing/],
    ['PUT', recover, {}, 400, /missing field `location`/],
    ['PUT', recover, { location: 'here' }, 400, /location: .*"here", expected a URL/],
    ['PUT', recover, { location: 'ftp://x/y' }, 400, /ftp:\/\/x\/y with scheme ftp is not supported/],
    ['PUT', recover, { location: 'file://elsewhere/y' }, 400, /must be absolute or on localhost/],
    ['PUT', recover, { location: 'file:///none/x' }, 400, /Snapshot file "\/none\/x" does not exist/],
    ['PUT', recover, { location: pathToFileURL(path).href }, 400, /is not a file/],
    ['PUT', recover, { location: 'http://127.0.0.1:1/x' }, 400, /Failed to download .*127\.0\.0\.1:1\/x/],
    [
      'PUT',
      recover,
      { location, priority: 'mine' },
      400,
      /unknown variant `mine`, expected one of `no_sync`/,
    ],
    ['PUT', recover, { location, checksum: 'abc' }, 422, /checksum: value "abc" invalid/],
    ['PUT', recover, { location, checksum: sum }, 400, /^Checksum mismatch: expected 0{64}, actual \w{64}$/],
    [
      'PUT',
      recover,
      { location },
      400,
      /not compatible with existing collection: Collection vectors: .*"size":2/,
    ],
    ['PUT', '/a:b/snapshots/recover', { location }, 422, /name cannot contain ":"/],
    ['POST', '/c/snapshots/upload', { snapshot: 'x' }, 400, /no multipart\/form-data/],
    ['POST', '/c/snapshots/upload?priority=x', undefined, 400, /unknown variant `x`/],
  ];
  for (const [method, url, body, status, message] of cases) {
    const answer = await send(server, method, `/collections${url}`, body);
    const what = `${method} ${url} ${JSON.stringify(body)}: ${JSON.stringify(answer)}`;
    assert.equal(answer.status, status, what);
    assert.match(errorOf(answer), message, what);
  }
});

test('an upload larger than other bodies may be is recovered', async (t) => {
  const path = temporaryFolder(t);
  const { client, server } = await startLocal(t, path);
  await client.createCollection('c', { sparse_vectors: { s: {} } });
  const text = 'x'.repeat(1_000_000);
  for (let first = 0; first < 70; first += 10) {
    const points = Array.from({ length: 10 }, (_, row) => ({
      id: first + row,
      vector: {},
      payload: { text },
    }));
    await client.upsert('c', { wait: true, points });
  }
  const made = await client.createSnapshot('c');
  assert.ok((made?.size ?? 0) > 64 * 1024 * 1024);
  const file = join(path, 'snapshots/collections/c', made?.name ?? '');
  const answer = await uploadSnapshot(server, 'new', file, `?checksum=${made?.checksum}`);
  assert.deepEqual([answer.status, answer.body.result], [200, true]);
  assert.equal((await client.count('new')).count, 70);
});

test('kill -9 amid a recovery leaves the old collection or the new, never a part', async (t) => {
  const [path, size, dimension] = [temporaryFolder(t), 4000, 256];
  const ends = new Set<unknown>();
  const file = join(temporaryFolder(t), 'x.snapshot');
  const points = (generation: string) =>
    Array.from({ length: size }, (_, id) => ({
      id,
      vector: Array.from({ length: dimension }, (_, i) => (i === id % dimension ? 1 : 0)),
      payload: { generation },
    }));
  const maker = await startLocal(t);
  await maker.client.createCollection('c', { vectors: { size: dimension, distance: 'Dot' } });
  await maker.client.upsert('c', { wait: true, points: points('new') });
  const made = await maker.client.createSnapshot('c');
  const snapshot = await downloadSnapshot(maker.server, 'c', made?.name ?? '');
  writeFileSync(file, Buffer.from(await snapshot.arrayBuffer()));
  const location = pathToFileURL(file).href;
  // Later and later in the recovery, until it is done before the kill.
  for (let delay = 0; !ends.has('new'); delay = delay * 1.6 + 10) {
    const bin = await runBin(t, path);
    const client = new QdrantClient({ url: await bin.url, checkCompatibility: false });
    if (delay === 0) {
      await client.createCollection('c', { vectors: { size: dimension, distance: 'Dot' } });
      await client.upsert('c', { wait: true, points: points('old').slice(0, 100) });
    }
    const recovering = client.recoverSnapshot('c', { location }).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, delay));
    bin.child.kill('SIGKILL');
    await Promise.all([bin.exit, recovering]);
    const after = await startLocal(t, path);
    assert.deepEqual(after.warnings, []);
    const found = await after.client.scroll('c', { limit: size + 1 });
    const generations = new Set(found.points.map(({ payload }) => payload?.['generation']));
    assert.equal(generations.size, 1);
    for (const generation of generations) ends.add(generation);
    assert.equal(found.points.length, generations.has('old') ? 100 : size);
    const { points: nearest } = await after.client.query('c', {
      query: points('')[3]?.vector ?? [],
      limit: 1,
    });
    assert.deepEqual([nearest[0]?.id, nearest[0]?.score], [3, 1]);
    await after.server.close();
  }
  assert.deepEqual([...ends], ['old', 'new']);
});
