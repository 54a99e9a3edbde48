import assert from 'node:assert/strict';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { after, describe, test } from 'node:test';
import { listBackups } from '@afk/backup-files';
import { freePort, until } from '@afk/local/testing';
import { bench } from './testing/bench.ts';

describe('the backup service', async () => {
  const b = await bench();
  after(() => b.close());
  const told = (n: number) => until(`${n} events`, async () => (await b.emitted()).length === n);

  test('a trigger has a backup taken, and what it came to is told', async () => {
    const empty = await b.app.checks!();
    assert.deepEqual(empty, { backups: { ok: true, detail: 'no backup yet' } });
    await b.ask('run-1');
    await told(1);
    const [event] = await b.emitted();
    const [backup] = (await listBackups(b.dir)).backups;
    assert.equal(event!.event, 'backup_complete');
    assert.equal(event!.correlation_id, 'run-1');
    assert.equal(event!['name'], backup!.name);
    assert.deepEqual([event!['kept'], event!['removed']], [1, 0]);
    assert.equal('redis_bytes' in event!, false);
    const figures = await b.registry.metrics();
    const at = Date.parse(backup!.manifest.started_at) / 1000;
    assert.match(figures, new RegExp(`afk_backup_last_success_timestamp_seconds\\S* ${at}`));
    assert.match(
      (await b.app.checks!())['backups']!.detail!,
      new RegExp(`${backup!.name}, is 0\\.0 hours old`),
    );
  });

  test('the same event again, after a crash or a restore, finds its backup and takes no other', async () => {
    const [taken] = (await listBackups(b.dir)).backups;
    // Another bus: that of the event has done with it.
    const again = await bench({ dir: b.dir });
    try {
      assert.match(await again.registry.metrics(), /afk_backup_bytes\S* [1-9]/, 'known from the start');
      await again.deliver(taken!.manifest.event_id!);
      await until('the answer', async () => (await again.emitted()).length === 1);
      const [event] = await again.emitted();
      assert.deepEqual([event!.event, event!['name']], ['backup_complete', taken!.name]);
      assert.equal((await listBackups(b.dir)).backups.length, 1);
    } finally {
      await again.close();
    }
  });

  test('the event of an older backup, again after a restore: the figures stay those of the newest', async () => {
    const older = (await listBackups(b.dir)).backups[0]!;
    const before = (await b.emitted()).length;
    await b.ask('run-1b');
    await told(before + 1);
    const [newest] = (await listBackups(b.dir)).backups;
    assert.notEqual(newest!.name, older.name);
    const again = await bench({ dir: b.dir });
    try {
      await again.deliver(older.manifest.event_id!);
      await until('the answer', async () => (await again.emitted()).length === 1);
      const at = Date.parse(newest!.manifest.started_at) / 1000;
      const figures = await again.registry.metrics();
      assert.match(figures, new RegExp(`afk_backup_last_success_timestamp_seconds\\S* ${at}\n`));
    } finally {
      await again.close();
    }
  });

  test('while another takes one it waits, however long that is, and then takes its own', async () => {
    const before = (await b.emitted()).length;
    const other = await b.database.pool.connect();
    await other.query(`select pg_advisory_lock(hashtextextended('afk backup', 0))`);
    await b.ask('run-1c');
    await until('it waits', () => b.log.some((line) => line.includes('another backup is being taken')));
    await other.query(`select pg_advisory_unlock(hashtextextended('afk backup', 0))`);
    other.release();
    await told(before + 1);
    const last = (await b.emitted()).at(-1)!;
    assert.deepEqual([last.event, last.correlation_id], ['backup_complete', 'run-1c']);
    assert.ok(!b.log.some((line) => line.includes('will try again')));
  });

  test('triggers that waited together get one backup, and each is told of it', async () => {
    const before = (await b.emitted()).length;
    const other = await b.database.pool.connect();
    await other.query(`select pg_advisory_lock(hashtextextended('afk backup', 0))`);
    for (const id of ['run-1d', 'run-1e', 'run-1f']) await b.ask(id);
    for (const id of ['run-1d', 'run-1e', 'run-1f']) await until(id, () => b.waits(id));
    await other.query(`select pg_advisory_unlock(hashtextextended('afk backup', 0))`);
    other.release();
    await told(before + 3);
    const last = (await b.emitted()).slice(before);
    assert.deepEqual(
      last.map((e) => e.correlation_id),
      ['run-1d', 'run-1e', 'run-1f'],
    );
    assert.equal(new Set(last.map((e) => e['name'])).size, 1);
  });

  test('what is beyond the count goes', async () => {
    const before = (await b.emitted()).length;
    await b.ask('run-2');
    await told(before + 1);
    await b.ask('run-3');
    await told(before + 2);
    const last = (await b.emitted()).at(-1)!;
    assert.deepEqual([last['kept'], last['removed']], [2, 1]);
    assert.equal((await readdir(b.dir)).length, 2);
  });
});

test('a store that is away: told with its words after the last attempt, and no half backup', async () => {
  const nowhere = { url: `http://127.0.0.1:${await freePort()}` };
  const b = await bench();
  const source = {
    databaseUrl: b.database.url,
    redis: { url: '', dataDir: undefined },
    env: '',
    version: '0.1.0',
  };
  const broken = await bench({ source: { ...source, qdrant: nowhere } });
  try {
    await broken.ask('run-1');
    await until('backup_failed', async () =>
      (await broken.emitted()).some((e) => e.event === 'backup_failed'),
    );
    const failed = (await broken.emitted())[0]!;
    assert.match(String(failed['reason']), /^Qdrant: .*ECONNREFUSED/);
    assert.equal(failed.correlation_id, 'run-1');
    assert.deepEqual(await readdir(broken.dir), []);
  } finally {
    await broken.close();
    await b.close();
  }
});

test('a folder that cannot be written is an illness, and says why', async () => {
  const b = await bench();
  try {
    await rm(b.dir, { recursive: true });
    await writeFile(b.dir, 'a file in its place');
    const { backups } = await b.app.checks!();
    assert.equal(backups!.ok, false);
    assert.match(backups!.detail!, /ENOTDIR/);
  } finally {
    await b.close();
  }
});
