import assert from 'node:assert/strict';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Collection } from '../collection/collection.ts';
import { readCollectionConfig } from '../request/collection-config.ts';
import { below, seeded } from '../test/random.ts';
import { temporaryFolder } from '../test/local.ts';
import { readSnapshot, writeSnapshot } from './format.ts';

const POINTS = 3000;
const RUNNING = new AbortController().signal;
const CONFIG = { vectors: { d: { size: 2, distance: 'Dot' } }, sparse_vectors: { s: {} } };

function upsert(collection: Collection, id: number, n: number): void {
  const vectors = new Map()
    .set('d', new Float32Array([n, id]))
    .set('s', { indices: new Uint32Array([n]), values: new Float32Array([1]) });
  const version = collection.nextVersion();
  collection.apply({ op: 'upsert', points: [{ id, version, payload: { n }, vectors }] });
}

/** Every point whole, in order of id. */
const stateOf = (collection: Collection): unknown => [
  collection.version,
  Array.from(collection.points.order.from(undefined), (id) =>
    collection.pointAt(collection.points.slotOf(id) as number),
  ),
];

/** Changes of all kinds: of points read and not yet read, of some twice, and of slots that are given again. */
function changeSome(collection: Collection, random: () => number, round: number): void {
  for (let change = 0; change < 50; change++) {
    const id = below(random, POINTS + 500);
    const version = collection.nextVersion();
    const kind = below(random, 3);
    if (kind === 0) upsert(collection, id, -round);
    else if (kind === 1) collection.apply({ op: 'delete', version, ids: [id] });
    else collection.apply({ op: 'payload', version, ids: [id], payloads: [{ round }] });
  }
}

test('a snapshot is of the moment when it was asked for, whatever changes while it is written', async (t) => {
  const path = join(temporaryFolder(t), 'x.snapshot');
  const collection = new Collection(readCollectionConfig(CONFIG));
  for (let id = 0; id < POINTS; id++) upsert(collection, id, id);
  for (let id = 0; id < POINTS; id += 7) {
    collection.apply({ op: 'delete', version: collection.nextVersion(), ids: [id] });
  }
  const before = stateOf(collection);
  const handle = await open(path, 'w');
  const writing = { done: false };
  const written = writeSnapshot(collection, handle, RUNNING).finally(() => (writing.done = true));
  const random = seeded(7);
  let rounds = 0;
  for (; !writing.done; rounds++) {
    changeSome(collection, random, rounds);
    await nextTurn();
  }
  await written;
  await handle.close();
  assert.ok(rounds > 3, `${rounds} rounds of changes while it was written`);
  assert.notDeepEqual(stateOf(collection), before);
  assert.deepEqual(stateOf(await readSnapshot(path, 'x', RUNNING)), before);
});

test('equal collections make equal files', async (t) => {
  const folder = temporaryFolder(t);
  const files = [];
  for (const name of ['a', 'b']) {
    const collection = new Collection(readCollectionConfig(CONFIG));
    for (let id = 0; id < 1200; id++) upsert(collection, id, id);
    const handle = await open(join(folder, name), 'w');
    await writeSnapshot(collection, handle, RUNNING);
    await handle.close();
    files.push(await readFile(join(folder, name)));
  }
  assert.deepEqual(files[0], files[1]);
});
