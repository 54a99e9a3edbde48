import { MARK } from '@afk/database';
import type pg from 'pg';
import { extensionsOf } from './catalogue.ts';
import { quoted } from './client.ts';

/** How long a client that still reads an old table is waited for. */
const LOCK_TIMEOUT = '30s';

type Swap = {
  from: string;
  to: string;
  /** Tables of an earlier revision, which may be among the old ones. */
  former: readonly string[];
};

/**
 * Moves all that is in one schema into another, in the place of what has the same name there or is marked as AFK's (of
 * a release that this program does not know yet); what else lies there is left alone: a database may hold more than AFK.
 */
export async function putInPlace(client: pg.Client, { from, to, former }: Swap): Promise<void> {
  await client.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
  const tables = await namesOf(
    client,
    `select relname as name from pg_class
    where relnamespace = $1::regnamespace and relkind in ('r', 'p')`,
    from,
  );
  const marked = await namesOf(
    client,
    `select relname as name from pg_class
      where relnamespace = $1::regnamespace and relkind in ('r', 'p') and obj_description(oid, 'pg_class') = '${MARK}'`,
    to,
  );
  for (const name of new Set([...tables, ...former, ...marked])) {
    await client.query(`drop table if exists ${quoted(to, name)} cascade`);
  }
  const functions = await functionsOf(client, from);
  const old = (await functionsOf(client, to)).filter((f) => f.comment === MARK);
  for (const { name, args } of [...functions, ...old]) {
    await client.query(`drop function if exists ${quoted(to, name)}(${args}) cascade`);
  }
  // Of migrations since the backup. First: indexes that are moved after them go on naming them rightly.
  const extensions = await extensionsOf(client, from);
  for (const name of extensions) {
    await client.query(`alter extension ${quoted(name)} set schema ${quoted(to)}`);
  }
  for (const name of tables) {
    await client.query(`alter table ${quoted(from, name)} set schema ${quoted(to)}`);
  }
  for (const { name, args } of functions) {
    await client.query(`alter function ${quoted(from, name)}(${args}) set schema ${quoted(to)}`);
  }
  // Restricted: what was forgotten here must not be lost, but be an error.
  await client.query(`drop schema ${quoted(from)}`);
}

async function namesOf(client: pg.Client, sql: string, schema: string): Promise<string[]> {
  return (await client.query<{ name: string }>(sql, [schema])).rows.map((r) => r.name);
}

type Routine = { name: string; args: string; comment: string | null };

async function functionsOf(client: pg.Client, schema: string): Promise<Routine[]> {
  const { rows } = await client.query<Routine>(
    `select p.proname as name, pg_get_function_identity_arguments(p.oid) as args,
            obj_description(p.oid, 'pg_proc') as comment
       from pg_proc p
      where p.pronamespace = $1::regnamespace
        and not exists (select from pg_depend d where d.objid = p.oid and d.classid = 'pg_proc'::regclass
                         and d.deptype = 'e')`,
    [schema],
  );
  return rows;
}
