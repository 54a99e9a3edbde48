import type { Queryable } from '../pool.ts';

/** A group of headlines that tell of the same thing, as one batch saw it. Members are headline ids. */
export type TopicRow = { central: string; keywords: string[]; members: string[] };

/** How many batches' topics are kept. */
const KEPT_BATCHES = 20;

/** Replaces the topics of a batch. */
export async function saveTopics(db: Queryable, batchId: string, topics: readonly TopicRow[]): Promise<void> {
  await db.query('delete from topics where batch_id = $1', [batchId]);
  await db.query(
    `insert into topics (batch_id, ordinal, central, keywords, members)
     select $1, (t.value->>'ordinal')::int, (t.value->>'central')::uuid,
            array (select jsonb_array_elements_text(t.value->'keywords')),
            array (select jsonb_array_elements_text(t.value->'members')::uuid)
       from jsonb_array_elements($2::jsonb) as t`,
    [batchId, JSON.stringify(topics.map((t, ordinal) => ({ ordinal, ...t })))],
  );
  await db.query(
    `delete from topics where batch_id not in (select id from batches order by started_at desc limit $1)`,
    [KEPT_BATCHES],
  );
}

export async function topicsOf(db: Queryable, batchId: string): Promise<TopicRow[]> {
  const { rows } = await db.query<TopicRow>(
    'select central, keywords, members from topics where batch_id = $1 order by ordinal',
    [batchId],
  );
  return rows;
}
