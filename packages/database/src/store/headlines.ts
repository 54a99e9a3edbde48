import type { Queryable } from '../pool.ts';

export type NewHeadline = {
  id: string;
  key: string;
  title: string;
  url: string;
  summary: string;
  publisher: string;
  language: string;
  publishedAt: Date;
};

/** Stores headlines that are not known yet. An item that is known changes nothing. */
export async function saveHeadlines(
  db: Queryable,
  headlines: readonly NewHeadline[],
  context: { feedId: string; batchId: string; seenAt: Date; demo: boolean },
): Promise<void> {
  await db.query(
    `insert into headlines (id, key, feed_id, batch_id, title, url, summary, publisher, language,
                            published_at, first_seen_at, demo)
     select id, key, $2, $3, title, url, summary, publisher, language, "publishedAt", $4, $5
       from rows from (jsonb_to_recordset($1::jsonb) as (id uuid, key text, title text, url text, summary text,
                                                         publisher text, language text, "publishedAt" timestamptz))
            with ordinality as h (id, key, title, url, summary, publisher, language, "publishedAt", place)
      -- In order of id: two feeds that have the same items, stored at once, would otherwise wait for each other.
      order by id, place
     -- No target: the id follows from the key, and whichever of the two unique indexes notices first may say so.
     on conflict do nothing`,
    [JSON.stringify(headlines), context.feedId, context.batchId, context.seenAt, context.demo],
  );
}

/** How many headlines a batch stored for the first time. */
export async function countOfBatch(db: Queryable, batchId: string): Promise<number> {
  const { rows } = await db.query<{ n: string }>('select count(*) as n from headlines where batch_id = $1', [
    batchId,
  ]);
  return Number(rows[0]!.n);
}

export type Unclassified = { id: string; title: string; summary: string; language: string };

/** Headlines that this model has not classified yet, up to `limit`, after `afterId` in order of id. */
export async function unclassified(
  db: Queryable,
  model: string,
  { afterId, limit, since }: { afterId: string | null; limit: number; since: Date },
): Promise<Unclassified[]> {
  const { rows } = await db.query<Unclassified>(
    `select id, title, summary, language from headlines
      where (category_model is null or (category_model <> $1 and published_at >= $4))
        and ($2::uuid is null or id > $2) order by id limit $3`,
    [model, afterId, limit, since],
  );
  return rows;
}

export type Verdict = { id: string; category: string | null; probability: number };

/**
 * Locks headlines until the end of the transaction, in order of id. Whatever writes many headlines takes its locks in
 * this order, or two that write the same ones wait for each other: a transaction that writes headlines in more than one
 * statement locks all of them first; a statement alone locks its own.
 */
export async function lockHeadlines(tx: Queryable, ids: readonly string[]): Promise<void> {
  await tx.query('select from headlines where id = any ($1::uuid[]) order by id for no key update', [ids]);
}

/** In one statement; a transaction that saves those of several models calls {@link lockHeadlines} first. */
export async function saveCategories(
  db: Queryable,
  model: string,
  verdicts: readonly Verdict[],
): Promise<void> {
  await db.query(
    `with v as (select h.id, v.category, v.probability
                  from jsonb_to_recordset($1::jsonb) as v (id uuid, category text, probability real)
                  join headlines h on h.id = v.id order by h.id for no key update of h)
     update headlines h set category = v.category, category_probability = v.probability, category_model = $2,
            -- The indexes filter by category: their copies are old now.
            indexed_a = null, indexed_b = null
       from v where h.id = v.id`,
    [JSON.stringify(verdicts), model],
  );
}

export type WindowHeadline = {
  id: string;
  title: string;
  language: string;
  publisher: string;
  publishedAt: Date;
  demo: boolean;
};

/** The headlines published in (from, to], oldest first. */
export async function windowOf(db: Queryable, from: Date, to: Date): Promise<WindowHeadline[]> {
  const { rows } = await db.query<WindowHeadline>(
    `select id, title, language, publisher, published_at as "publishedAt", demo
       from headlines
      where published_at > $1 and published_at <= $2 order by published_at, id`,
    [from, to],
  );
  return rows;
}

export async function countHeadlines(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ n: string }>('select count(*) as n from headlines');
  return Number(rows[0]!.n);
}
