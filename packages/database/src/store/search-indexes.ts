import { transaction, type Pool, type Queryable } from '../pool.ts';

/** An index of the headlines. Its id is never given again. */
export type SearchIndex = { id: string; slot: 'a' | 'b'; version: string };

/** All there are, the oldest first: two at most. */
export async function searchIndexes(db: Queryable): Promise<SearchIndex[]> {
  const { rows } = await db.query<SearchIndex>(
    'select id, slot, version from search_indexes order by created_at, id',
  );
  return rows;
}

/**
 * Notes a new index, empty, in a free slot. Where both are taken it takes that of the one that is not kept.
 *
 * @param keep the id of the index that answers
 */
export async function addSearchIndex(
  pool: Pool,
  index: { id: string; version: string },
  keep: string | undefined,
): Promise<SearchIndex> {
  return transaction(pool, async (tx) => {
    await tx.query('lock table search_indexes in exclusive mode');
    const kept = (await searchIndexes(tx)).find((i) => i.id === keep);
    await tx.query('delete from search_indexes where id is distinct from $1', [kept?.id ?? null]);
    const slot = kept?.slot === 'a' ? 'b' : 'a';
    await tx.query('insert into search_indexes (id, slot, version) values ($1, $2, $3)', [
      index.id,
      slot,
      index.version,
    ]);
    return { ...index, slot };
  });
}

/** Forgets every index but one, which answers from now on. */
export async function keepSearchIndex(db: Queryable, id: string): Promise<void> {
  await db.query('delete from search_indexes where id <> $1', [id]);
}

/** A headline with all that an index holds of it and a saved search looks at. */
export type IndexHeadline = {
  id: string;
  title: string;
  summary: string;
  language: string;
  publisher: string;
  category: string | null;
  publishedAt: Date;
  demo: boolean;
};

const columnOf = ({ slot }: SearchIndex): string => (slot === 'a' ? 'indexed_a' : 'indexed_b');

/** Headlines that the index does not hold as they are now, in order of id, from after `afterId` on. */
export async function unindexed(
  db: Queryable,
  index: SearchIndex,
  { afterId, limit }: { afterId: string | null; limit: number },
): Promise<IndexHeadline[]> {
  const { rows } = await db.query<IndexHeadline>(
    `select id, title, summary, language, publisher, category, published_at as "publishedAt", demo
       from headlines
      where ${columnOf(index)} is distinct from $1 and ($2::uuid is null or id > $2) order by id limit $3`,
    [index.id, afterId, limit],
  );
  return rows;
}

/**
 * Marks headlines as held by the index, but for those that got another category since they were read.
 *
 * @returns the ids of those that are no longer there at all
 */
export async function markIndexed(
  db: Queryable,
  index: SearchIndex,
  headlines: readonly Pick<IndexHeadline, 'id' | 'category'>[],
): Promise<string[]> {
  const given = JSON.stringify(headlines.map(({ id, category }) => ({ id, category })));
  await db.query(
    // Locked in order of id: see lockHeadlines.
    `with i as (select h.id, i.category from jsonb_to_recordset($2::jsonb) as i (id uuid, category text)
                  join headlines h on h.id = i.id order by h.id for no key update of h)
     update headlines h set ${columnOf(index)} = $1 from i
      where h.id = i.id and h.category is not distinct from i.category`,
    [index.id, given],
  );
  const { rows } = await db.query<{ id: string }>(
    `select i.id from jsonb_to_recordset($1::jsonb) as i (id uuid)
      where not exists (select from headlines h where h.id = i.id)`,
    [given],
  );
  return rows.map((r) => r.id);
}

/** Headlines that were deleted and may still be in an index: the first of them, and whether they are back. */
export async function removedHeadlines(
  db: Queryable,
  limit: number,
): Promise<{ id: string; back: boolean }[]> {
  const { rows } = await db.query<{ id: string; back: boolean }>(
    `select r.id, exists (select from headlines h where h.id = r.id) as back
       from removed_headlines r order by r.id limit $1`,
    [limit],
  );
  return rows;
}

/** How many headlines the index does not hold as they are now. */
export async function countUnindexed(db: Queryable, index: SearchIndex): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `select count(*)::int as n from headlines where ${columnOf(index)} is distinct from $1`,
    [index.id],
  );
  return rows[0]!.n;
}

/** How many headlines are marked as held by the index. */
export async function countIndexed(db: Queryable, index: SearchIndex): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `select count(*)::int as n from headlines where ${columnOf(index)} = $1`,
    [index.id],
  );
  return rows[0]!.n;
}

/** Forgets an index: nothing counts as held by it any more. */
export async function dropSearchIndex(db: Queryable, id: string): Promise<void> {
  await db.query('delete from search_indexes where id = $1', [id]);
}

/** Those of the ids that no headline has. */
export async function missingHeadlines(db: Queryable, ids: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select i.id from unnest($1::uuid[]) as i (id) where not exists (select from headlines h where h.id = i.id)`,
    [ids],
  );
  return rows.map((r) => r.id);
}
