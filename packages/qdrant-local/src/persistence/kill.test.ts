import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { QdrantClient } from '@qdrant/js-client-rest';
import { runBin } from '../test/bin.ts';
import { startLocal, temporaryFolder } from '../test/local.ts';

const SIZE = 2048;
const BATCH = 250;
/** Far more than it takes for the log to grow as large as a snapshot needs. */
const MOST_BATCHES = 60;

/** Eight kilobytes each, so that few make a log that calls for a snapshot. */
const dense = (row: number): number[] => Array.from({ length: SIZE }, (_, i) => (i === row ? 1 : 0));

const points = (batch: number) =>
  Array.from({ length: BATCH }, (_, row) => ({
    id: batch * BATCH + row,
    vector: { d: dense(row), s: { indices: [batch, 9999], values: [1, 1] } },
    payload: { batch },
  }));

/** Whether a snapshot is being written now. */
function isSnapshotting(path: string): boolean {
  const [folder = ''] = readdirSync(join(path, 'collections'));
  return readdirSync(join(path, 'collections', folder)).some((name) => name.endsWith('.snapshot.tmp'));
}

test('kill -9 while a snapshot is written loses nothing that was acknowledged', async (t) => {
  const path = temporaryFolder(t);
  let acknowledged = 0;
  let during = 0;
  for (let life = 0; life < 3; life++) {
    const bin = await runBin(t, path);
    const client = new QdrantClient({ url: await bin.url, checkCompatibility: false });
    if (life === 0) {
      await client.createCollection('c', {
        vectors: { d: { size: SIZE, distance: 'Dot' } },
        sparse_vectors: { s: { modifier: 'idf' } },
      });
    }
    assert.equal((await client.count('c')).count, acknowledged * BATCH, bin.errors());
    const first = acknowledged;
    while (acknowledged < first + MOST_BATCHES && !isSnapshotting(path)) {
      await client.upsert('c', { wait: true, points: points(acknowledged) });
      acknowledged += 1;
    }
    if (isSnapshotting(path)) during += 1;
    bin.child.kill('SIGKILL');
    await bin.exit;
  }
  assert.ok(during > 0, 'no life ended while a snapshot was written');
  const { client, warnings } = await startLocal(t, path);
  assert.deepEqual(warnings, []);
  for (let batch = 0; batch < acknowledged; batch++) {
    const query = { indices: [batch], values: [1] };
    const { points: found } = await client.query('c', {
      query,
      using: 's',
      limit: BATCH + 1,
      with_payload: true,
    });
    assert.deepEqual(
      found.map(({ payload }) => payload),
      Array.from({ length: BATCH }, () => ({ batch })),
    );
    const row = batch % BATCH;
    const [point] = await client.retrieve('c', { ids: [batch * BATCH + row], with_vector: ['d'] });
    assert.deepEqual(point?.vector, { d: dense(row) });
  }
});
