import type { Queryable } from '../pool.ts';
import { findCurrent } from './current.ts';

/** What may complete what is being typed, and how many headlines have it. */
export type Suggested = { text: string; headlines: number };
export type SuggestedWord = Suggested & { word: string };
export type CurrentStory = Suggested & { keywords: string[] };

/** Beyond every letter: what begins with a prefix lies between the prefix and the prefix with this behind it. */
const LAST = '\u{10ffff}';

/**
 * Words of headlines that begin with this, those that most headlines have first. Compared as a stretch of the order of
 * bytes, which the index of patterns serves whatever the plan; and nothing in a prefix is a wildcard.
 *
 * @param prefix folded, as `word` is
 */
export async function wordsFrom(db: Queryable, prefix: string, limit: number): Promise<SuggestedWord[]> {
  const { rows } = await db.query<SuggestedWord>({
    name: 'words-from',
    text: `select word, surface as text, headlines from search_words
            where word ~>=~ $1 and word ~<~ $2 order by headlines desc, word limit $3`,
    values: [prefix, prefix + LAST, limit],
  });
  return rows;
}

/** The labels and keywords of the current trends, the most prominent first. */
export async function currentStories(db: Queryable, limit: number): Promise<CurrentStory[]> {
  const current = await findCurrent(db);
  if (!current) return [];
  const { rows } = await db.query<CurrentStory>(
    `select label as text, keywords, headlines from trends
      where updated_batch = $1 and merged_into is null order by score desc, id limit $2`,
    [current.id, limit],
  );
  return rows;
}

/** All publishers and categories, each with its headlines, the largest first. Reads the whole table: remember it. */
export async function headlineCounts(
  db: Queryable,
): Promise<{ publishers: Suggested[]; categories: Suggested[] }> {
  const { rows } = await db.query<Suggested & { publisher: boolean }>(
    `select coalesce(publisher, category) as text, publisher is not null as publisher, count(*)::int as headlines
       from headlines group by grouping sets ((publisher), (category))
     having publisher is not null or category is not null
      order by headlines desc, text`,
  );
  const of = (wanted: boolean): Suggested[] =>
    rows.filter((r) => r.publisher === wanted).map(({ text, headlines }) => ({ text, headlines }));
  return { publishers: of(true), categories: of(false) };
}
