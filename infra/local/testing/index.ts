import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPool, migrate, type Pool } from '@afk/database';
import pg from 'pg';
import { startThrowaway, type Throwaway } from '../stores/servers.ts';

export { freePort } from '../stores/ports.ts';
export { recorder } from './recorder.ts';
export { until } from './until.ts';

/**
 * What tests meet: real servers. `npm test` starts one Redis and one PostgreSQL for all; a package's
 * own `npm test` starts its own for each test file that asks.
 */
let own: Promise<Throwaway> | undefined;

async function servers(): Promise<{ redisUrl: string; postgresUrl: string }> {
  const redisUrl = process.env['AFK_TEST_REDIS_URL'];
  const postgresUrl = process.env['AFK_TEST_POSTGRES_URL'];
  if (redisUrl && postgresUrl) return { redisUrl, postgresUrl };
  own ??= startThrowaway().then((started) => {
    started.endWithProcess();
    return started;
  });
  return own;
}

/** The URL of a real Redis, shared: keep apart by {@link testEnv}. */
export async function testRedisUrl(): Promise<string> {
  return (await servers()).redisUrl;
}

/** An `ENV` of this test's own: no other test hears its channels or sees its keys. */
export function testEnv(): string {
  return `t${randomBytes(5).toString('hex')}`;
}

export type TestDatabase = { url: string; pool: Pool; drop(): Promise<void> };

const TEMPLATE = 'afk_template';
let template: Promise<void> | undefined;

/** A migrated database of this test's own, cloned from a template. */
export async function freshDatabase(): Promise<TestDatabase> {
  const { postgresUrl } = await servers();
  await (template ??= makeTemplate(postgresUrl));
  const name = `t_${randomBytes(6).toString('hex')}`;
  await admin(postgresUrl, (client) => client.query(`create database ${name} template ${TEMPLATE}`));
  const url = withDatabase(postgresUrl, name);
  const pool = createPool(url, { size: 4, name: 'test' });
  return {
    url,
    pool,
    async drop() {
      await pool.end();
      await admin(postgresUrl, (client) => dropDatabase(client, name));
    },
  };
}

/** Test files run side by side, in processes of their own: an advisory lock lets one make the template. */
async function makeTemplate(postgresUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(postgresUrl, 'postgres') });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(4321)');
    const { rowCount } = await client.query('select from pg_database where datname = $1', [TEMPLATE]);
    if (rowCount === 0) {
      await client.query(`create database ${TEMPLATE}_new`);
      await migrate(withDatabase(postgresUrl, `${TEMPLATE}_new`));
      await client.query(`alter database ${TEMPLATE}_new rename to ${TEMPLATE}`);
    }
  } finally {
    await client.end();
  }
}

async function admin(postgresUrl: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(postgresUrl, 'postgres') });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/**
 * Drops a database, by force if need be, but not from under connections that are just closing: a client that has said good-bye
 * would still hear of it, and report an error that no test made.
 */
export async function dropDatabase(db: Pick<Pool, 'query'>, name: string): Promise<void> {
  const open = 'select from pg_stat_activity where datname = $1';
  for (const deadline = Date.now() + 2000; Date.now() < deadline; await sleep(5)) {
    if ((await db.query(open, [name])).rowCount === 0) break;
  }
  await db.query(`drop database ${name} with (force)`);
}

function withDatabase(url: string, name: string): string {
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}
