import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { freshDatabase } from '@afk/local/testing';
import { countWords, knownWords, nearWords, settleRemoved, type WordsOf } from '../index.ts';
import { headline, headlineId, store } from '../testing/rows.ts';

/** Splits at spaces; a trailing s is an inflection. */
const wordsOf: WordsOf = ({ title, summary }) =>
  [...new Set(`${title} ${summary}`.trim().toLowerCase().split(' '))].map((surface) => {
    const word = surface.replaceAll('é', 'e');
    return { word, surface, stem: word.replace(/s$/, '') };
  });

describe('the words of the headlines', async () => {
  const { pool: db, drop } = await freshDatabase();
  after(drop);
  beforeEach(() => db.query('truncate feeds, batches, trends, search_words, removed_headlines cascade'));
  const counts = async (): Promise<Record<string, number>> => {
    const { rows } = await db.query('select word, headlines as n from search_words order by word');
    return Object.fromEntries(rows.map((r) => [r.word, r.n]));
  };
  const titled = (titles: readonly string[], from = 1) =>
    store(
      db,
      titles.map((title, i) => headline(from + i, { title })),
    );

  test('each headline counts once, however often and by how many it is counted', async () => {
    await titled(['Whales sing', 'Whales and whales', 'Élection']);
    await Promise.all([countWords(db, wordsOf), countWords(db, wordsOf), countWords(db, wordsOf)]);
    assert.deepEqual(await counts(), { and: 1, election: 1, sing: 1, whales: 2 });
    await titled(['Sing again'], 4);
    await countWords(db, wordsOf);
    assert.deepEqual(await counts(), { again: 1, and: 1, election: 1, sing: 2, whales: 2 });
    const { rows } = await db.query(`select surface from search_words where word = 'election'`);
    assert.equal(rows[0].surface, 'élection');
  });

  test('more than a page', async () => {
    await titled(Array.from({ length: 2300 }, (_, n) => `Whale ${n}`));
    await countWords(db, wordsOf);
    assert.equal((await counts())['whale'], 2300);
  });

  test('a failure in between counts nothing, and the next time all of it', async () => {
    await titled(['Whales sing']);
    const failing = (): never => {
      throw new Error('killed');
    };
    await assert.rejects(countWords(db, failing), /killed/);
    assert.deepEqual(await counts(), {});
    await countWords(db, wordsOf);
    assert.deepEqual(await counts(), { sing: 1, whales: 1 });
  });

  test('what is removed counts no more; what was never counted is not taken off', async () => {
    await titled(['Whales sing', 'Whales dive']);
    await countWords(db, wordsOf);
    await titled(['Whales swim'], 3);
    await db.query('delete from headlines where id <> $1', [headlineId(2)]);
    const removed = [headlineId(1), headlineId(3)];
    await settleRemoved(db, removed, wordsOf);
    assert.deepEqual(await counts(), { dive: 1, whales: 1 });
    await settleRemoved(db, removed, wordsOf);
    assert.deepEqual(await counts(), { dive: 1, whales: 1 });
  });

  test('a word that stands only in a summary counts as long as its headline is there', async () => {
    await store(db, [headline(1, { title: 'Whales', summary: 'Whales were seen ashore' }), headline(2)]);
    await countWords(db, wordsOf);
    assert.deepEqual(await counts(), { 2: 1, ashore: 1, headline: 1, seen: 1, were: 1, whales: 1 });
    assert.equal((await nearWords(db, 'ashroe', 1))[0]!.word, 'ashore');
    await db.query('delete from headlines where id = $1', [headlineId(1)]);
    await settleRemoved(db, [headlineId(1)], wordsOf);
    assert.deepEqual(await counts(), { 2: 1, headline: 1 });
  });

  test('the language is told with the text', async () => {
    await store(db, [headline(1, { language: 'fr' })]);
    await countWords(db, ({ language }) => [{ word: language, surface: language, stem: language }]);
    assert.deepEqual(await counts(), { fr: 1 });
  });

  test('known as written or by a stem; near by their trigrams', async () => {
    await titled(['Whales sing', 'Trump wins', 'Élections']);
    await countWords(db, wordsOf);
    const known = await knownWords(db, [
      { word: 'sing', stems: ['si'] },
      { word: 'whale', stems: ['whale'] },
      { word: 'trunp', stems: ['trunp'] },
    ]);
    assert.deepEqual([...known].toSorted(), ['sing', 'whale']);
    const near = async (word: string) => (await nearWords(db, word, 9)).map((n) => n.word);
    for (const word of ['trunp', 'turmp', 'drump', 'trumpp'])
      assert.ok((await near(word)).includes('trump'), word);
    assert.deepEqual((await nearWords(db, 'electoins', 1))[0], {
      word: 'elections',
      surface: 'élections',
      headlines: 1,
    });
    assert.deepEqual(await near(`%'; drop table search_words; --`), []);
  });
});
