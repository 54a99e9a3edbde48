import pg from 'pg';

export type Pool = pg.Pool;
/** A pool, or one of its clients within a transaction. */
export type Queryable = Pick<pg.Pool, 'query'>;

/**
 * A pool of connections to PostgreSQL. Dates come and go as `Date`, bigint as string.
 *
 * @param size connections at most
 * @param onError told of connections lost while idle; the pool replaces them
 */
export function createPool(
  url: string,
  {
    size = 4,
    name = 'afk',
    onError = () => {},
  }: { size?: number; name?: string; onError?: (e: Error) => void } = {},
): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    application_name: name,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 120_000,
  });
  pool.on('error', onError);
  return pool;
}

/** Runs `work` in one transaction: all of it, or none. */
export async function transaction<T>(pool: Pool, work: (client: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // A connection lost in between two queries is told here alone; unheard, it would end the process.
  let lost: Error | undefined;
  const onError = (error: Error): void => void (lost = error);
  client.on('error', onError);
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    client.off('error', onError);
    client.release(lost);
  }
}

/**
 * Runs `work` while nobody else who uses the same name does; undefined, without running it, where somebody does.
 * A process that dies gives the name back.
 */
export async function withLock<T>(pool: Pool, name: string, work: () => Promise<T>): Promise<T | undefined> {
  const client = await pool.connect();
  let lost: Error | undefined;
  const onError = (error: Error): void => void (lost = error);
  client.on('error', onError);
  try {
    const { rows } = await client.query<{ got: boolean }>(
      'select pg_try_advisory_lock(hashtextextended($1, 0)) as got',
      [name],
    );
    if (!rows[0]!.got) return undefined;
    try {
      return await work();
    } finally {
      await client
        .query('select pg_advisory_unlock(hashtextextended($1, 0))', [name])
        .catch((error: Error) => {
          lost ??= error;
        });
    }
  } finally {
    client.off('error', onError);
    // A connection that may still have the lock is closed.
    client.release(lost);
  }
}
