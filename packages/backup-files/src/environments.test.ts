import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { until } from '@afk/local/testing';
import { bench } from './testing/bench.ts';
import { findBackup, listBackups, rotate, verifyBackup } from './index.ts';

const b = await bench();
after(() => b.close());

/** Holds a table: a backup stands still at it. */
async function hold(): Promise<() => Promise<void>> {
  const client = await b.database.pool.connect();
  await client.query('begin');
  await client.query('lock table headlines in access exclusive mode');
  return async () => {
    await client.query('commit');
    client.release();
  };
}

const partial = async (start: string): Promise<string | undefined> =>
  (await readdir(b.backups).catch(() => [])).find((name) => name.startsWith(start));

test('two environments that share a folder back up at the same time, and both are whole', async () => {
  const release = await hold();
  const plain = b.take({ at: new Date('2026-11-21T10:00:00Z') });
  await until('the first', () => partial('.partial-2026-11-21T10'));
  const staging = b.take({ env: 'staging', at: new Date('2026-11-21T11:00:00Z') });
  await until('the second', () => partial('.partial-staging.'));
  await release();
  for (const backup of [await plain, await staging]) await verifyBackup(backup);
});

test('the latest is that of one’s own environment; all are listed', async () => {
  assert.equal((await findBackup(b.backups, 'latest', '/', '')).name, '2026-11-21T10-00-00Z');
  assert.equal((await findBackup(b.backups, 'latest', '/', 'staging')).name, '2026-11-21T11-00-00Z');
  await assert.rejects(
    findBackup(b.backups, 'latest', '/', 'other'),
    /there is no backup in .* of ENV=other/,
  );
  assert.equal((await listBackups(b.backups)).backups.length, 2);
});

test('each environment makes room among its own', async () => {
  const now = new Date('2027-06-01T00:00:00Z');
  assert.deepEqual(await rotate(b.backups, 'staging', { count: 1, days: 1 }, now), { removed: [], kept: 1 });
  await b.take({ env: 'staging', at: new Date('2026-11-22T11:00:00Z') });
  const { removed } = await rotate(b.backups, 'staging', { count: 1, days: 1 }, now);
  assert.deepEqual(removed, ['2026-11-21T11-00-00Z']);
  assert.equal((await listBackups(b.backups, '')).backups.length, 1);
});

test('a backup whose files somebody removes while it is taken fails, and is not published', async () => {
  const before = (await listBackups(b.backups)).backups.length;
  const release = await hold();
  const taken = b.take({ at: new Date('2026-11-23T10:00:00Z') });
  const rejected = assert.rejects(taken, /redis\/base\.rdb was lost meanwhile: does another program write/);
  const name = '.partial-2026-11-23T10-00-00Z';
  await until(
    'the part of Redis',
    async () => (await b.database.pool.query(`select from pg_locks where not granted`)).rowCount! > 0,
  );
  await rm(join(b.backups, name, 'redis'), { recursive: true });
  await release();
  await rejected;
  assert.equal((await listBackups(b.backups)).backups.length, before);
});
