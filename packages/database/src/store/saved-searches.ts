import { transaction, type Pool, type Queryable } from '../pool.ts';

/** A question that is put to new headlines, and who is told. */
export type SavedSearchRow = {
  id: string;
  name: string;
  query: string;
  category: string | null;
  language: string | null;
  publisher: string | null;
  webhookUrl: string;
  active: boolean;
  createdAt: Date;
};
export type NewSavedSearch = Omit<SavedSearchRow, 'active'> & { secret: string };

/** Beyond these each run would do more for alerts than for anything else. */
export const MAX_SAVED_SEARCHES = 1000;

/** What {@link SavedSearchRow} is read by. */
export const savedSearchColumns = `id, name, query, category, language, publisher, webhook_url as "webhookUrl", active,
  created_at as "createdAt"`;

/** Saves a search. @returns false where there are {@link MAX_SAVED_SEARCHES} already */
export async function addSavedSearch(pool: Pool, search: NewSavedSearch): Promise<boolean> {
  return transaction(pool, async (tx) => {
    // One after the other, or two could both see room for one.
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('afk saved searches', 0))`);
    const { rowCount } = await tx.query(
      `insert into saved_searches (id, name, query, category, language, publisher, webhook_url, secret, created_at)
       select $1, $2, $3, $4, $5, $6, $7, $8, $9 where (select count(*) from saved_searches) < $10`,
      [
        search.id,
        search.name,
        search.query,
        search.category,
        search.language,
        search.publisher,
        search.webhookUrl,
        search.secret,
        search.createdAt,
        MAX_SAVED_SEARCHES,
      ],
    );
    return rowCount === 1;
  });
}

export type SavedSearchChange = {
  name?: string | undefined;
  active?: boolean | undefined;
  webhookUrl?: string | undefined;
};

/**
 * Changes what is named. What went wrong with another webhook, or before it was switched on again, is forgotten.
 *
 * @returns false where there is no such search
 */
export async function changeSavedSearch(
  db: Queryable,
  id: string,
  { name, active, webhookUrl }: SavedSearchChange,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update saved_searches set name = coalesce($2, name), active = coalesce($3, active),
            webhook_url = coalesce($4, webhook_url),
            last_error = case when webhook_url <> $4 or (not active and $3) then null else last_error end,
            last_error_at = case when webhook_url <> $4 or (not active and $3) then null else last_error_at end
      where id = $1`,
    [id, name ?? null, active ?? null, webhookUrl ?? null],
  );
  return rowCount === 1;
}

/** Removes a search with all that is known of its deliveries. @returns false where there is none */
export async function removeSavedSearch(db: Queryable, id: string): Promise<boolean> {
  return (await db.query('delete from saved_searches where id = $1', [id])).rowCount === 1;
}

/** Those that are put to new headlines, the oldest first. */
export async function activeSavedSearches(db: Queryable): Promise<SavedSearchRow[]> {
  const { rows } = await db.query<SavedSearchRow>(
    `select ${savedSearchColumns} from saved_searches where active order by created_at, id`,
  );
  return rows;
}

/** Notes that a search cannot be put to any headline. */
export async function noteSearchError(db: Queryable, id: string, error: string, at: Date): Promise<void> {
  await db.query('update saved_searches set last_error = $2, last_error_at = $3 where id = $1', [
    id,
    error,
    at,
  ]);
}
