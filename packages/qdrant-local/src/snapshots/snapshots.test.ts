import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { errorOf, send, startLocal, temporaryFolder } from '../test/local.ts';
import { answers, downloadSnapshot, fill, uploadSnapshot } from '../test/snapshots.ts';

test('a snapshot is made, listed, downloaded and deleted', async (t) => {
  for (const path of [undefined, temporaryFolder(t)]) {
    const { client, server } = await startLocal(t, path);
    await fill(client, 'c');
    assert.deepEqual(await client.listSnapshots('c'), []);
    const made = await client.createSnapshot('c');
    assert.match(made?.name ?? '', /^c-\d+-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d\.snapshot$/);
    assert.match(made?.creation_time ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    const second = await client.createSnapshot('c');
    assert.deepEqual(new Set(await client.listSnapshots('c')), new Set([made, second]));
    const response = await downloadSnapshot(server, 'c', made?.name ?? '');
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(response.headers.get('content-type'), 'application/octet-stream');
    assert.equal(bytes.length, made?.size);
    assert.equal(createHash('sha256').update(bytes).digest('hex'), made?.checksum);
    assert.equal(await client.deleteSnapshot('c', made?.name ?? ''), true);
    assert.deepEqual(await client.listSnapshots('c'), [second]);
    const gone = await send(server, 'DELETE', `/collections/c/snapshots/${made?.name}`);
    assert.deepEqual([gone.status, errorOf(gone)], [404, `Not found: Snapshot ${made?.name} not found`]);
    await server.close();
  }
});

test('a recovered collection answers as the one that the snapshot is of', async (t) => {
  const { client, server } = await startLocal(t, temporaryFolder(t));
  await fill(client, 'c');
  const before = await answers(client, 'c');
  const made = await client.createSnapshot('c');
  const location = `${server.url}/collections/c/snapshots/${made?.name}`;
  // Into a new one, by its location with this very server.
  assert.equal(await client.recoverSnapshot('new', { location, checksum: made?.checksum ?? '' }), true);
  assert.deepEqual(await answers(client, 'new'), before);
  // In the place of what has gone on, by an alias.
  await client.delete('c', { wait: true, points: [1, 2] });
  await client.deletePayloadIndex('c', 'n', { wait: true });
  await client.updateCollectionAliases({
    actions: [{ create_alias: { alias_name: 'live', collection_name: 'c' } }],
  });
  await client.recoverSnapshot('live', { location, priority: 'snapshot' });
  assert.deepEqual(await answers(client, 'c'), before);
  assert.deepEqual((await client.getCollections()).collections.map(({ name }) => name).toSorted(), [
    'c',
    'new',
  ]);
  // The same again by upload, to a server that keeps nothing.
  const other = await startLocal(t);
  const file = Buffer.from(await (await fetch(location)).arrayBuffer());
  const uploaded = await uploadSnapshot(
    other.server,
    'c',
    file,
    `?checksum=${made?.checksum}&priority=replica`,
  );
  assert.deepEqual([uploaded.status, uploaded.body.result], [200, true]);
  assert.deepEqual(await answers(other.client, 'c'), before);
});

test('snapshots and recovered collections outlive a restart; what a crash left behind does not', async (t) => {
  const path = temporaryFolder(t);
  const first = await startLocal(t, path);
  await fill(first.client, 'c');
  const made = await first.client.createSnapshot('c');
  const [folder = ''] = readdirSync(join(path, 'snapshots/collections'));
  const file = join(path, 'snapshots/collections', folder, made?.name ?? '');
  await first.client.recoverSnapshot('new', { location: pathToFileURL(file).href });
  await first.client.upsert('new', { wait: true, points: [{ id: 99, vector: {} }] });
  const before = [await answers(first.client, 'c'), await answers(first.client, 'new')];
  await first.server.close();
  writeFileSync(`${file}.tmp`, 'half');
  writeFileSync(join(path, 'snapshots/collections', folder, 'lost.snapshot.checksum'), 'x');
  mkdirSync(join(path, 'snapshots/incoming'), { recursive: true });
  writeFileSync(join(path, 'snapshots/incoming/x'), 'half');
  const { client, warnings } = await startLocal(t, path);
  assert.deepEqual([await answers(client, 'c'), await answers(client, 'new')], before);
  assert.deepEqual(await client.listSnapshots('c'), [made]);
  assert.deepEqual(readdirSync(join(path, 'snapshots/collections', folder)).length, 2);
  assert.equal(existsSync(join(path, 'snapshots/incoming')), false);
  assert.deepEqual(warnings, []);
  // The snapshots of a collection that is deleted wait for one of its name.
  await client.deleteCollection('c');
  await client.recoverSnapshot('c', { location: pathToFileURL(file).href });
  assert.deepEqual(await client.listSnapshots('c'), [made]);
});

test('a server in memory keeps snapshots in a temporary folder that goes with it', async (t) => {
  const temporary = temporaryFolder(t);
  const old = process.env['TMPDIR'];
  process.env['TMPDIR'] = temporary;
  t.after(() => {
    if (old === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = old;
  });
  const { client, server } = await startLocal(t);
  await fill(client, 'c');
  await client.createSnapshot('c');
  assert.equal(readdirSync(temporary).length, 1);
  await server.close();
  assert.deepEqual(readdirSync(temporary), []);
});

test('wait=false answers 202 at once, and failures go to the warnings', async (t) => {
  const { client, server, warnings } = await startLocal(t);
  await fill(client, 'c');
  const answer = await send(server, 'POST', '/collections/c/snapshots?wait=false');
  assert.equal(answer.status, 202);
  assert.deepEqual(Object.keys(answer.body).toSorted(), ['status', 'time']);
  assert.equal(answer.body.status, 'accepted');
  let made = await client.listSnapshots('c');
  while (made.length === 0) {
    await sleep(10);
    made = await client.listSnapshots('c');
  }
  const file = Buffer.from(await (await downloadSnapshot(server, 'c', made[0]?.name ?? '')).arrayBuffer());
  assert.equal((await uploadSnapshot(server, 'copy', file, '?wait=false')).status, 202);
  while (!(await client.collectionExists('copy')).exists) await sleep(10);
  assert.deepEqual(await answers(client, 'copy'), await answers(client, 'c'));
  const wrong = await uploadSnapshot(server, 'c', file.subarray(0, -1), '?wait=false');
  assert.equal(wrong.status, 202);
  while (warnings.length === 0) await sleep(10);
  assert.match(warnings[0] ?? '', /^recovery of c: .*cannot be recovered: it is damaged/);
});

test('no name leads out of the folder of snapshots', async (t) => {
  const path = temporaryFolder(t);
  const { client, server } = await startLocal(t, path);
  for (const name of ['incoming', 'ä'.repeat(255), '..%2F.. x']) {
    const escaped = encodeURIComponent(name);
    await client.createCollection(name, { sparse_vectors: { s: {} } });
    const made = await send(server, 'POST', `/collections/${escaped}/snapshots`);
    assert.equal(made.status, 200, JSON.stringify(made.body));
    assert.equal((await client.listSnapshots(name)).length, 1);
  }
  assert.deepEqual(readdirSync(path).toSorted(), ['LOCK', 'catalog.json', 'collections', 'snapshots']);
  for (const name of ['..%2F..%2F..%2Fcatalog.json', '%2Fetc%2Fpasswd', '.', 'x.snapshot.checksum']) {
    const answer = await send(server, 'GET', `/collections/incoming/snapshots/${name}`);
    assert.equal(answer.status, 404, name);
  }
});

test('a location elsewhere is asked with the key, and its failures are told', async (t) => {
  const { client, server } = await startLocal(t, temporaryFolder(t));
  await fill(client, 'c');
  const made = await client.createSnapshot('c');
  const seen: (string | undefined)[] = [];
  const proxy = createServer((request, response) => {
    seen.push(request.headers['api-key'] as string | undefined);
    if (request.url === '/gone') response.writeHead(403).end();
    else if (request.url === '/moved') response.writeHead(302, { location: '/snapshot' }).end();
    else if (request.url === '/cut') {
      response.writeHead(200, { 'content-length': 100 }).write('half');
      setTimeout(() => response.destroy(), 20);
    } else {
      downloadSnapshot(server, 'c', made?.name ?? '')
        .then(async (file) => response.end(Buffer.from(await file.arrayBuffer())))
        .catch(() => response.destroy());
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  t.after(() => proxy.close());
  const base = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  await client.recoverSnapshot('a', { location: `${base}/snapshot`, api_key: 'secret' });
  await client.recoverSnapshot('b', { location: `${base}/moved` });
  assert.deepEqual(seen, ['secret', undefined, undefined]);
  assert.deepEqual(await answers(client, 'a'), await answers(client, 'b'));
  for (const [path, reason] of [
    ['/gone', /Failed to download snapshot from http.*\/gone: status 403/],
    ['/cut', /Failed to download snapshot/],
  ] as const) {
    const answer = await send(server, 'PUT', '/collections/x/snapshots/recover', { location: base + path });
    assert.equal(answer.status, 400);
    assert.match(errorOf(answer), reason);
  }
  // A key is for whom it was given to.
  const moved = { location: `${base}/moved`, api_key: 'secret' };
  assert.equal((await send(server, 'PUT', '/collections/x/snapshots/recover', moved)).status, 400);
  assert.equal((await client.collectionExists('x')).exists, false);
});
