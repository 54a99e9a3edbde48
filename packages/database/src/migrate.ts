import { readdir } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { markOwn } from './own.ts';
import type { Queryable } from './pool.ts';

const dir = fileURLToPath(new URL('../migrations', import.meta.url));
const migrationsTable = 'schema_migrations';
/** Whoever changes a schema holds this advisory lock: node-pg-migrate's own number. */
const LOCK = 7241865325823964n;

/** The database is of a newer release than this program. */
export class NewerSchema extends Error {
  constructor(known: string, found: string) {
    super(
      `upgrade is forward-only; this program is older than its database: it knows up to ${known}, the database ` +
        `has ${found}; install the newer program or restore a backup`,
    );
    this.name = 'NewerSchema';
  }
}

/**
 * Brings the schema up to date; forward only. Several may run at once: they take turns.
 *
 * @returns the names of the migrations that were applied
 * @throws NewerSchema where the database has migrations that this program does not know
 */
export async function migrate(
  databaseUrl: string,
  log: (line: string) => void = () => {},
): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'afk:migrate' });
  // A connection that is lost between two queries is told here alone; the next query fails by itself.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await refuseNewer(await appliedMigrations(client));
    const applied = await runner({
      dbClient: client,
      dir,
      migrationsTable,
      migrationsSchema: await schemaOfMigrations(client),
      direction: 'up',
      noLock: true,
      log,
    });
    const { rows } = await client.query<{ schema: string }>('select current_schema() as schema');
    await markOwn(client, rows[0]!.schema);
    return applied.map((m) => m.name);
  } finally {
    await client.end();
  }
}

/** Where their table is found, or would be made: beside AFK's own, wherever the `search_path` puts these. */
async function schemaOfMigrations(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ schema: string | null }>(
    `select coalesce((select nspname from pg_class c join pg_namespace n on n.oid = relnamespace
                       where c.oid = to_regclass('${migrationsTable}')), current_schema()) as schema`,
  );
  const { schema } = rows[0]!;
  if (schema === null)
    throw new Error('no schema of the search_path of this database is there, or may be used');
  return schema;
}

/** The names of all migrations that this program has, oldest first. */
export async function knownMigrations(): Promise<string[]> {
  const files = (await readdir(dir)).filter((f) => !f.startsWith('.'));
  return files.map((f) => basename(f, extname(f))).toSorted();
}

/** The names of the migrations that a database has had, oldest first; none where it is empty. */
export async function appliedMigrations(db: Queryable): Promise<string[]> {
  const { rows: found } = await db.query<{ there: boolean }>(
    `select to_regclass('${migrationsTable}') is not null as there`,
  );
  if (!found[0]!.there) return [];
  const { rows } = await db.query<{ name: string }>(
    `select name from ${migrationsTable} order by run_on, id`,
  );
  return rows.map((r) => r.name);
}

/** @throws NewerSchema where one of these is not known to this program */
export async function refuseNewer(applied: readonly string[]): Promise<void> {
  const known = await knownMigrations();
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new NewerSchema(known.at(-1) ?? 'none', unknown.at(-1)!);
}

/**
 * Brings `schema` up to a revision within the transaction of `client`, which ends it: killed before that, nothing
 * has happened. Other changes of the schema wait until then.
 *
 * @param schema where tables are made
 * @param upTo the last migration to apply; default: all that there are
 * @param beside what is not found in `schema`, such as the parts of an extension, is looked for here
 */
export async function migrateWithin(
  client: pg.ClientBase,
  schema: string,
  upTo?: string,
  beside = 'public',
): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
  const known = await knownMigrations();
  const last = upTo === undefined ? known.length : known.indexOf(upTo) + 1;
  if (last === 0) throw new NewerSchema(known.at(-1) ?? 'none', upTo!);
  const before = await client.query<{ n: number }>(
    `select count(*)::int as n from information_schema.tables where table_schema = $1 and table_name = $2`,
    [schema, migrationsTable],
  );
  const done = before.rows[0]!.n === 0 ? 0 : await countApplied(client, schema);
  if (last <= done) return;
  await runner({
    dbClient: withoutTransactions(client) as pg.ClientBase,
    dir,
    migrationsTable,
    schema: [...new Set([schema, beside, 'public'])],
    direction: 'up',
    count: last - done,
    noLock: true,
    log: () => {},
  });
  await markOwn(client, schema);
}

async function countApplied(client: pg.ClientBase, schema: string): Promise<number> {
  const table = `${pg.escapeIdentifier(schema)}.${migrationsTable}`;
  return (await client.query<{ n: number }>(`select count(*)::int as n from ${table}`)).rows[0]!.n;
}

/** A client for node-pg-migrate, which puts each migration between a BEGIN and a COMMIT of its own. */
function withoutTransactions(client: pg.ClientBase): Pick<pg.ClientBase, 'query'> {
  const query = (text: string | { text: string }, values?: unknown[]): unknown => {
    const sql = typeof text === 'string' ? text : text.text;
    return client.query(/^\s*(?:begin|commit);?\s*$/i.test(sql) ? '' : sql, values);
  };
  return { query } as Pick<pg.ClientBase, 'query'>;
}
