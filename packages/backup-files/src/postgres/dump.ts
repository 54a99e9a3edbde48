import { join } from 'node:path';
import { constants, createZstdCompress } from 'node:zlib';
import { appliedMigrations, ownNames, refuseNewer } from '@afk/database';
import type pg from 'pg';
import copy from 'pg-copy-streams';
import { fileNameOf, hashFile, writeDurably, writeEntry } from '../files.ts';
import type { FileEntry, Manifest } from '../manifest.ts';
import { extensionsOf, sequencesOf, tablesOf, type Table } from './catalogue.ts';
import { cutWith, quoted, withClient } from './client.ts';

const SEQUENCES = 'postgres/sequences.json';

export type PostgresPart = { part: Manifest['postgres']; files: FileEntry[] };
/** `postgres/sequences.json`: where each sequence stands. A bigint, hence text. */
export type SequenceState = { name: string; last: string; called: boolean };

/**
 * Copies all rows as they are at one instant, table by table, as streams: memory stays the same, however many.
 * There is no pg_dump in either world, and none is needed: the schema is that of the migrations.
 */
export async function dumpPostgres(url: string, root: string, signal: AbortSignal): Promise<PostgresPart> {
  return withClient(url, 'afk:backup', async (client) => {
    const stopCutting = cutWith(client, signal);
    try {
      return await dump(client, root, signal);
    } finally {
      stopCutting();
    }
  });
}

async function dump(client: pg.Client, root: string, signal: AbortSignal): Promise<PostgresPart> {
  const { rows } = await client.query<{ schema: string }>('select current_schema() as schema');
  const { schema } = rows[0]!;
  const names = (await ownTablesOf(client, schema)).map((t) => quoted(schema, t.name));
  await client.query('begin isolation level repeatable read read only');
  // Before the snapshot: what changes a table's columns is then either done or waits.
  if (names.length > 0) await client.query(`lock table ${names.join(', ')} in access share mode`);
  const migrations = await appliedMigrations(client);
  if (migrations.length === 0) throw new Error('the database has no schema of AFK: nothing to back up');
  // In the midst of an upgrade: what the newer program made is not known here, and would be left out.
  await refuseNewer(migrations);
  const extensions = await extensionsOf(client, schema);
  const files: FileEntry[] = [];
  const tables: Manifest['postgres']['tables'] = [];
  const own = await ownTablesOf(client, schema);
  for (const table of own) {
    const { file, rows } = await dumpTable(client, schema, table, { root, signal });
    files.push(file);
    tables.push({ ...table, rows, file: file.path });
  }
  // Last: a sequence is not part of the snapshot, and one that is ahead of the rows does no harm.
  const sequences = await sequencesOf(
    client,
    schema,
    own.map((t) => t.name),
  );
  files.push(await dumpSequences(client, schema, sequences, root));
  await client.query('commit');
  return { part: { migrations, extensions, tables, sequences: SEQUENCES }, files };
}

/** AFK's own: what others keep in the same schema is theirs to copy, and may not be read by everybody. */
async function ownTablesOf(client: pg.Client, schema: string): Promise<Table[]> {
  const { tables: own } = await ownNames();
  return (await tablesOf(client, schema)).filter((t) => own.includes(t.name));
}

async function dumpTable(
  client: pg.Client,
  schema: string,
  { name, columns }: Table,
  { root, signal }: { root: string; signal: AbortSignal },
): Promise<{ file: FileEntry; rows: number }> {
  const list = columns.map((c) => quoted(c)).join(', ');
  const stream = client.query(copy.to(`copy ${quoted(schema, name)} (${list}) to stdout`));
  const compress = createZstdCompress({
    params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 },
  });
  const path = `postgres/${fileNameOf(name)}.copy.zst`;
  const file = await writeEntry(root, path, stream, signal, compress);
  return { file, rows: stream.rowCount };
}

async function dumpSequences(
  client: pg.Client,
  schema: string,
  names: readonly string[],
  root: string,
): Promise<FileEntry> {
  const states: SequenceState[] = [];
  for (const name of names) {
    const { rows } = await client.query<Omit<SequenceState, 'name'>>(
      `select last_value::text as last, is_called as called from ${quoted(schema, name)}`,
    );
    states.push({ name, ...rows[0]! });
  }
  await writeDurably(join(root, SEQUENCES), `${JSON.stringify(states)}\n`);
  return { path: SEQUENCES, ...(await hashFile(join(root, SEQUENCES))) };
}
