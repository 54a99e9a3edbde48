import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { until } from '@afk/local/testing';
import { bench, contents, fillDatabase } from './testing/bench.ts';
import { listBackups, verifyBackup } from './index.ts';

const b = await bench();
const children: ChildProcess[] = [];
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await b.close();
});
await fillDatabase(b.database);
const first = await b.take();

function start(what: 'take' | 'restore'): ChildProcess {
  const { dir, databaseUrl, qdrant, redis } = b.options();
  const script = new URL('./testing/killed.ts', import.meta.url);
  const child = fork(script, [what, JSON.stringify({ dir, databaseUrl, qdrant, redis })], { execArgv: [] });
  children.push(child);
  return child;
}

/** Holds a table of one's own against whoever wants it: what reaches it stands still there, half done. */
async function hold(table: string): Promise<() => Promise<void>> {
  const client = await b.database.pool.connect();
  await client.query('begin');
  await client.query(`lock table ${table} in access exclusive mode`);
  return async () => {
    await client.query('commit');
    client.release();
  };
}

test('kill -9 amid a backup: the earlier ones are whole, there is no half one, and the next tidies up', async () => {
  const child = start('take');
  const partial = join(b.backups, '.partial-2026-11-22T00-00-00Z');
  await until('a part of it', async () =>
    stat(join(partial, 'redis')).then(
      () => true,
      () => false,
    ),
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  const { backups, unreadable } = await listBackups(b.backups);
  assert.deepEqual([backups.map((x) => x.name), unreadable], [[first.name], []]);
  await verifyBackup(backups[0]!);
  await b.take({ at: new Date('2026-11-23T00:00:00Z') });
  assert.deepEqual(await readdir(b.backups), [first.name, '2026-11-23T00-00-00Z']);
});

test('kill -9 amid a restore: what there was is there', async () => {
  await b.database.pool.query(`update headlines set title = 'as it is now'`);
  const before = await contents(b.database);
  // The rows are all in, and wait for their place.
  const release = await hold('public.trends');
  const child = start('restore');
  await until('the last step', async () => {
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
       and query like 'drop table%'`;
    return (await b.database.pool.query(waiting)).rowCount === 1;
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  await release();
  await until('its end', async () => {
    const open = `select from pg_stat_activity where datname = current_database() and application_name = 'afk:cli'`;
    return (await b.database.pool.query(open)).rowCount === 0;
  });
  assert.deepEqual(await contents(b.database), before);
  const { rowCount } = await b.database.pool.query(`select from pg_namespace where nspname = 'afk_restore'`);
  assert.equal(rowCount, 0);
});
