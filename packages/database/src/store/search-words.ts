import { transaction, type Pool, type Queryable } from '../pool.ts';

/** A word of a headline: folded, as it is written in lower case, and its stem. */
export type HeadlineWord = { word: string; surface: string; stem: string };
/**
 * The different words of a headline, those that searches read: of its title and of the first 400 characters of its
 * summary; a word of both as the title writes it. What a word is, is the caller's to say, and always the same: what is
 * counted is taken off again by it.
 */
export type WordsOf = (headline: { title: string; summary: string; language: string }) => HeadlineWord[];
type Told = Parameters<WordsOf>[0];

/** Headlines whose words are counted in one step. */
const PAGE = 2000;

/**
 * Counts the words of headlines that were not counted yet, each headline once whatever happens, and takes off those
 * of headlines that are gone.
 */
export async function countWords(pool: Pool, wordsOf: WordsOf): Promise<void> {
  while ((await countPage(pool, wordsOf)) === PAGE);
}

async function countPage(pool: Pool, wordsOf: WordsOf): Promise<number> {
  return transaction(pool, async (tx) => {
    const { rows } = await tx.query<Told & { id: string }>(
      // In order of id, see lockHeadlines; and waiting: a headline that the index marks just now would be left out.
      `select id, title, summary, language from headlines where not words_counted
        order by id limit $1 for no key update`,
      [PAGE],
    );
    await addCounts(tx, rows, wordsOf, 1);
    await tx.query('update headlines set words_counted = true where id = any ($1::uuid[])', [
      rows.map((r) => r.id),
    ]);
    return rows.length;
  });
}

/** Forgets that headlines were removed, and takes their words off the counts. */
export async function settleRemoved(pool: Pool, ids: readonly string[], wordsOf: WordsOf): Promise<void> {
  await transaction(pool, async (tx) => {
    const { rows } = await tx.query<Told & { counted: boolean }>(
      `with taken as (select id from removed_headlines where id = any ($1::uuid[]) order by id for update)
       delete from removed_headlines r using taken where r.id = taken.id
       returning r.title, r.summary, r.language, r.words_counted as counted`,
      [ids],
    );
    const counted = rows.filter((r) => r.counted);
    await addCounts(tx, counted, wordsOf, -1);
    await tx.query('delete from search_words where headlines <= 0');
  });
}

async function addCounts(
  tx: Queryable,
  headlines: readonly Told[],
  wordsOf: WordsOf,
  sign: 1 | -1,
): Promise<void> {
  const counts = new Map<string, HeadlineWord & { n: number }>();
  for (const { title, summary, language } of headlines) {
    for (const word of wordsOf({ title, summary, language })) {
      const known = counts.get(word.word);
      counts.set(word.word, { ...word, n: (known?.n ?? 0) + sign });
    }
  }
  await tx.query(
    // In order: two transactions that count at once would otherwise wait for each other.
    `insert into search_words (word, surface, stem, headlines)
     select word, surface, stem, n from jsonb_to_recordset($1::jsonb)
              as w (word text, surface text, stem text, n integer) order by word
     on conflict (word) do update set headlines = search_words.headlines + excluded.headlines,
       surface = case when excluded.headlines > 0 then excluded.surface else search_words.surface end,
       stem = case when excluded.headlines > 0 then excluded.stem else search_words.stem end`,
    [JSON.stringify([...counts.values()])],
  );
}

/** Those of the words that a headline has, as they are or by one of their stems. */
export async function knownWords(
  db: Queryable,
  asked: readonly { word: string; stems: readonly string[] }[],
): Promise<Set<string>> {
  const forms = asked.flatMap(({ word, stems }) => stems.map((form) => ({ word, form })));
  // Each half is a look into one index for each word; an "or" of both reads the whole table.
  const { rows } = await db.query<{ word: string }>({
    name: 'known_words',
    text: `select a.word from unnest($1::text[]) as a (word)
            where exists (select from search_words w where w.word = a.word)
           union
           select f.word from unnest($2::text[], $3::text[]) as f (word, form)
            where exists (select from search_words w where w.stem = f.form)`,
    values: [asked.map((a) => a.word), forms.map((f) => f.word), forms.map((f) => f.form)],
  });
  return new Set(rows.map((r) => r.word));
}

/** Share of trigrams in common from which on two words are worth comparing: one letter in five leaves 0.2. */
const LEAST_SIMILARITY = 0.2;

/** Words that share trigrams with one, the likest first. */
export async function nearWords(
  pool: Pool,
  word: string,
  limit: number,
): Promise<{ word: string; surface: string; headlines: number }[]> {
  return transaction(pool, async (tx) => {
    await tx.query(`select set_config('pg_trgm.similarity_threshold', $1, true)`, [String(LEAST_SIMILARITY)]);
    const { rows } = await tx.query<{ word: string; surface: string; headlines: number }>(
      `select word, surface, headlines from search_words where word % $1
        order by similarity(word, $1) desc, headlines desc, word limit $2`,
      [word, limit],
    );
    return rows;
  });
}
