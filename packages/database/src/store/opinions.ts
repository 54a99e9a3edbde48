import type { Queryable } from '../pool.ts';

/** What a model says of a headline: a probability for each category, in alphabetical order of their ids. */
export type OpinionRow = { id: string; probabilities: readonly number[] };

/** Keeps what a model said of headlines; it takes the place of what another said before. */
export async function saveOpinions(
  db: Queryable,
  model: string,
  opinions: readonly OpinionRow[],
): Promise<void> {
  await db.query(
    `insert into opinions (headline_id, model, probabilities)
     select o.id, $2, o.probabilities
       from jsonb_to_recordset($1::jsonb) as o (id uuid, probabilities real[]) join headlines h on h.id = o.id
     on conflict (headline_id) do update set model = excluded.model, probabilities = excluded.probabilities`,
    [JSON.stringify(opinions), model],
  );
}

/** A title with what a model on the network said of it, the last that did; null where none has. */
export type HeardTitle = {
  text: string;
  language: string;
  model: string | null;
  probabilities: number[] | null;
};
export type TrendTitles = { id: string; titles: HeardTitle[] };

/** The trends of a batch with the titles that they are made of: the newest `limit` each, newest first. */
export async function trendTitles(db: Queryable, batchId: string, limit = 25): Promise<TrendTitles[]> {
  const { rows } = await db.query<TrendTitles>(
    `select t.id, jsonb_agg(jsonb_build_object('text', h.title, 'language', h.language, 'model', o.model,
                                               'probabilities', o.probabilities)
                            order by h.published_at desc, h.id) as titles
       from trends t
       join lateral (select h.id, h.title, h.language, h.published_at from trend_headlines th
                       join headlines h on h.id = th.headline_id
                      where th.trend_id = t.id order by h.published_at desc, h.id limit $2) h on true
       left join opinions o on o.headline_id = h.id
      where t.updated_batch = $1 group by t.id order by t.id`,
    [batchId, limit],
  );
  return rows;
}
