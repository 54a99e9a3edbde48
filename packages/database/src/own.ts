import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Queryable } from './pool.ts';

const dir = fileURLToPath(new URL('../migrations', import.meta.url));
const CREATED = /^\s*create (?:or replace )?(table|function) (?:if not exists )?(\w+)/gim;
const DOWN = /^-- Down Migration/m;

/**
 * The comment that AFK's tables and functions carry: others may lie in the same schema, and an older program that puts
 * a backup of its time in the place of a newer schema does not know the newer names.
 */
export const MARK = 'AFK';

/** The names of the tables and functions that any migration makes, be they there still or not. */
export async function ownNames(): Promise<{ tables: string[]; functions: string[] }> {
  const files = (await readdir(dir)).filter((f) => f.endsWith('.sql')).toSorted();
  const names = { table: new Set<string>(), function: new Set<string>() };
  for (const file of files) {
    const [up = ''] = (await readFile(join(dir, file), 'utf8')).split(DOWN);
    for (const [, kind, name] of up.matchAll(CREATED)) {
      names[kind!.toLowerCase() as keyof typeof names].add(name!.toLowerCase());
    }
  }
  return { tables: [...names.table], functions: [...names.function] };
}

type Found = { kind: 'table' | 'function'; what: string };

/** Marks the tables and functions of a schema that are AFK's, but for those of another owner. */
export async function markOwn(db: Queryable, schema: string): Promise<void> {
  const { tables, functions } = await ownNames();
  const { rows } = await db.query<Found>(
    `select 'table' as kind, format('%I.%I', nspname, relname) as what
       from pg_class c join pg_namespace n on n.oid = relnamespace
      where nspname = $1 and relkind in ('r', 'p') and relname = any ($2)
        and pg_has_role(relowner, 'usage') and obj_description(c.oid, 'pg_class') is null
     union all
     select 'function', format('%I.%I(%s)', nspname, proname, pg_get_function_identity_arguments(p.oid))
       from pg_proc p join pg_namespace n on n.oid = pronamespace
      where nspname = $1 and proname = any ($3)
        and pg_has_role(proowner, 'usage') and obj_description(p.oid, 'pg_proc') is null`,
    [schema, tables, functions],
  );
  for (const { kind, what } of rows)
    await db.query(`comment on ${kind} ${what} is ${pg.escapeLiteral(MARK)}`);
}
