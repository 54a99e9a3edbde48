import type { Queryable } from '@afk/database';

/** Names that AFK's own short-lived programs connect by: they are no services. */
const PROGRAMS = ['afk:cli', 'afk:migrate'];

/** Services are connected to what is to be restored. */
export class ServicesConnected extends Error {
  constructor(where: string, names: readonly string[]) {
    super(
      `services are connected to ${where}: ${names.join(', ')}. Stop them first: ` +
        `docker compose stop ${names.join(' ')} (or Ctrl-C where npm start runs)`,
    );
    this.name = 'ServicesConnected';
  }
}

/** @throws ServicesConnected naming the services that have a connection to this database */
export async function assertNobodyConnected(db: Queryable): Promise<void> {
  const { rows } = await db.query<{ name: string }>(
    `select distinct application_name as name from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()
        and application_name like 'afk:%' and application_name <> all ($1) order by 1`,
    [PROGRAMS],
  );
  if (rows.length > 0)
    throw new ServicesConnected(
      'PostgreSQL',
      rows.map((r) => r.name.slice('afk:'.length)),
    );
}
