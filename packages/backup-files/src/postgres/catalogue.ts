import type { Queryable } from '@afk/database';

/** A table with the columns that have values of their own (a generated one has none). */
export type Table = { name: string; columns: string[] };
/** A foreign key between two tables, by name. */
export type Reference = { from: string; to: string };

const MIGRATIONS = 'schema_migrations';

/** Not of an extension: those bring their objects themselves. */
const notOfExtension = `not exists (select from pg_depend d where d.objid = c.oid
  and d.classid = 'pg_class'::regclass and d.deptype = 'e')`;

/** The tables of a schema but for that of the migrations, by name; whosever they are. */
export async function tablesOf(db: Queryable, schema: string): Promise<Table[]> {
  const { rows } = await db.query<Table>(
    `select c.relname as name,
            coalesce(array_agg(a.attname::text order by a.attnum) filter (where a.attname is not null), '{}') as columns
       from pg_class c
       left join pg_attribute a
         on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and c.relname <> $2 and ${notOfExtension}
      group by c.relname order by c.relname`,
    [schema, MIGRATIONS],
  );
  return rows;
}

/** What refers to what among the tables of a schema. */
export async function referencesOf(db: Queryable, schema: string): Promise<Reference[]> {
  const { rows } = await db.query<Reference>(
    `select f.relname as "from", t.relname as "to"
       from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
      where k.contype = 'f' and f.relnamespace = $1::regnamespace`,
    [schema],
  );
  return rows;
}

/** The sequences of columns of these tables. */
export async function sequencesOf(
  db: Queryable,
  schema: string,
  tables: readonly string[],
): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `select c.relname as name from pg_class c
      where c.relnamespace = $1::regnamespace and c.relkind = 'S'
        and exists (select from pg_depend d join pg_class t on t.oid = d.refobjid
                     where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
                       and t.relnamespace = c.relnamespace and t.relname = any ($2))
      order by c.relname`,
    [schema, tables],
  );
  return rows.map((r) => r.name);
}

/** The extensions that lie in a schema. */
export async function extensionsOf(db: Queryable, schema: string): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    'select extname as name from pg_extension where extnamespace = $1::regnamespace order by 1',
    [schema],
  );
  return rows.map((r) => r.name);
}

/**
 * Names in an order in which whatever is referred to comes before what refers to it (Kahn's algorithm); what
 * is free to come in any order comes by name. A reference to itself is none.
 *
 * @throws Error naming tables that refer to each other in a circle
 */
export function inOrder(names: readonly string[], references: readonly Reference[]): string[] {
  const waiting = new Map(names.map((name) => [name, new Set<string>()]));
  for (const { from, to } of references) if (from !== to && waiting.has(to)) waiting.get(from)?.add(to);
  const ordered: string[] = [];
  while (waiting.size > 0) {
    const free = [...waiting].filter(([, needs]) => needs.size === 0).map(([name]) => name);
    if (free.length === 0) throw new Error(`tables refer to each other: ${[...waiting.keys()].join(', ')}`);
    for (const name of free.toSorted()) {
      ordered.push(name);
      waiting.delete(name);
      for (const needs of waiting.values()) needs.delete(name);
    }
  }
  return ordered;
}
