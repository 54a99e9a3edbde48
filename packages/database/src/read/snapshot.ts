import { transaction, type Pool, type Queryable } from '../pool.ts';

/**
 * Runs reads that belong together on one picture of the database: a run that commits between two of
 * them does not show in the second.
 */
export async function snapshot<T>(pool: Pool, read: (db: Queryable) => Promise<T>): Promise<T> {
  return transaction(pool, async (db) => {
    await db.query('set transaction isolation level repeatable read, read only');
    return read(db);
  });
}

/** A page of a list: how many at most, after how many. */
export type Page = { limit: number; offset: number };
