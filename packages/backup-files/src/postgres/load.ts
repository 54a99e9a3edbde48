import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { migrateWithin } from '@afk/database';
import type pg from 'pg';
import copy from 'pg-copy-streams';
import { z } from 'zod';
import type { Backup } from '../backups.ts';
import { DamagedBackup, type Manifest } from '../manifest.ts';
import { inOrder, referencesOf, tablesOf } from './catalogue.ts';
import { cutWith, quoted, withClient } from './client.ts';
import { assertNobodyConnected } from './connected.ts';
import { putInPlace } from './swap.ts';

/** Where the backup's data is made whole, before it takes the place of what there is. */
const BESIDE = 'afk_restore';

const sequenceStates = z.array(
  z.object({ name: z.string(), last: z.string().regex(/^-?\d+$/), called: z.boolean() }),
);

/**
 * Makes the database what it was, in one transaction: a schema beside, at the backup's revision; its rows; the
 * migrations that came since; then it takes the place of what there is. Killed at any point, nothing has happened.
 *
 * @param beforeEnd what must succeed as well, or nothing of this stays
 * @throws Error where services are connected, naming them
 */
export async function loadPostgres(
  url: string,
  backup: Backup,
  signal: AbortSignal,
  beforeEnd: () => Promise<void>,
): Promise<void> {
  await withClient(url, 'afk:cli', async (client) => {
    const stopCutting = cutWith(client, signal);
    try {
      await client.query('begin');
      await assertNobodyConnected(client);
      await load(client, backup, signal);
      await beforeEnd();
      signal.throwIfAborted();
      await client.query('commit');
    } finally {
      stopCutting();
    }
  });
}

async function load(client: pg.Client, { path, manifest }: Backup, signal: AbortSignal): Promise<void> {
  const { rows } = await client.query<{ schema: string }>('select current_schema() as schema');
  const target = rows[0]!.schema;
  await client.query(`create schema ${BESIDE}`);
  const { migrations, extensions, tables, sequences } = manifest.postgres;
  await createExtensions(client, target, extensions);
  await migrateWithin(client, BESIDE, migrations.at(-1), target);
  await fill(client, path, tables, signal);
  await setSequences(client, join(path, sequences));
  const former = (await tablesOf(client, BESIDE)).map((t) => t.name);
  await migrateWithin(client, BESIDE, undefined, target);
  const made = (await tablesOf(client, BESIDE)).map((t) => t.name);
  await putInPlace(client, { from: BESIDE, to: target, former });
  for (const name of made) await client.query(`analyze ${quoted(target, name)}`);
}

/**
 * Makes the extensions in their place: to move one there later takes a superuser. One that may not be made here is
 * somebody else's, or the migration that needs it says so.
 */
async function createExtensions(
  client: pg.Client,
  schema: string,
  extensions: readonly string[],
): Promise<void> {
  for (const name of extensions) {
    await client.query('savepoint extension');
    await client
      .query(`create extension if not exists ${quoted(name)} with schema ${quoted(schema)}`)
      .catch(() => client.query('rollback to savepoint extension'));
  }
}

type Tables = Manifest['postgres']['tables'];

async function fill(client: pg.Client, root: string, tables: Tables, signal: AbortSignal): Promise<void> {
  const there = (await tablesOf(client, BESIDE)).map((t) => t.name);
  const byName = new Map(tables.map((t) => [t.name, t]));
  const unknown = tables.find((t) => !there.includes(t.name));
  if (unknown) throw new DamagedBackup(`${root}: no migration makes its table "${unknown.name}"`);
  // A migration may have put rows into a new table; what counts is what was there.
  await client.query(`truncate ${there.map((name) => quoted(BESIDE, name)).join(', ')}`);
  for (const name of inOrder(there, await referencesOf(client, BESIDE))) {
    const table = byName.get(name);
    if (table) await fillTable(client, root, table, signal);
  }
}

async function fillTable(
  client: pg.Client,
  root: string,
  { name, columns, rows, file }: Tables[number],
  signal: AbortSignal,
): Promise<void> {
  const table = quoted(BESIDE, name);
  // They have done their work on these rows once.
  await client.query(`alter table ${table} disable trigger user`);
  const stream = client.query(
    copy.from(`copy ${table} (${columns.map((c) => quoted(c)).join(', ')}) from stdin`),
  );
  await pipeline(createReadStream(join(root, file)), createZstdDecompress(), stream, { signal });
  await client.query(`alter table ${table} enable trigger user`);
  if (stream.rowCount !== rows) {
    throw new DamagedBackup(`${join(root, file)}: ${stream.rowCount} rows instead of ${rows}`);
  }
}

async function setSequences(client: pg.Client, file: string): Promise<void> {
  const states = sequenceStates.parse(JSON.parse(await readFile(file, 'utf8')));
  for (const { name, last, called } of states) {
    await client.query('select setval($1::regclass, $2::bigint, $3)', [quoted(BESIDE, name), last, called]);
  }
}
