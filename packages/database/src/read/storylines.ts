import type { Queryable } from '../pool.ts';

/** The story of a headline: that of its trend where it has one, and how many publishers tell it. */
export type Storyline = { story: string; publishers: number };

/** The stories of these headlines, by headline; those that stand alone are left out. */
export async function storylinesOf(
  db: Queryable,
  headlineIds: readonly string[],
): Promise<Map<string, Storyline>> {
  const { rows } = await db.query<Storyline & { id: string }>({
    name: 'storylines',
    text: `select i.id, coalesce(th.trend_id, s.story_id) as story, coalesce(t.publishers, 1) as publishers
             from unnest($1::uuid[]) as i (id)
             left join trend_headlines th on th.headline_id = i.id
             left join trends t on t.id = th.trend_id
             left join story_headlines s on s.headline_id = i.id
            where th.trend_id is not null or s.story_id is not null`,
    values: [headlineIds],
  });
  return new Map(rows.map(({ id, story, publishers }) => [id, { story, publishers }]));
}
