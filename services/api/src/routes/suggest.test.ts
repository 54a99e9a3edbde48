import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { http } from '@afk/contracts';
import { countWords } from '@afk/database';
import { freshDatabase } from '@afk/local/testing';
import { splitWords } from '@afk/text';
import { testApp } from '../testing/app.ts';
import { problemOf } from '../testing/problem.ts';
import { ids, makeWorld } from '../testing/world.ts';

const wordsOf = ({ title }: { title: string }) =>
  [...new Map(splitWords(title, 'fr').map((w) => [w.folded, w])).values()].map(({ folded, lower }) => ({
    word: folded,
    surface: lower,
    stem: folded,
  }));

describe('suggestions', async () => {
  const world = await freshDatabase();
  await makeWorld(world.pool);
  await countWords(world.pool, wordsOf);
  const app = testApp({ db: world.pool });
  after(async () => {
    await app.close();
    await world.drop();
  });

  const suggest = (query: string) => app.inject(`/api/v1/search/suggest?${query}`);
  async function suggested(q: string, more = ''): Promise<http.Suggestions['items']> {
    const response = await suggest(`q=${encodeURIComponent(q)}${more}`);
    assert.equal(response.statusCode, 200, response.body);
    return http.suggestions.parse(response.json()).items;
  }
  const texts = async (q: string, more = '') => (await suggested(q, more)).map((s) => s.text);

  test('words of titles as they are written, accents or not', async () => {
    assert.deepEqual(await suggested('debo'), [{ text: 'déborde', kind: 'word', headlines: 1 }]);
    assert.deepEqual(await texts('rain and RIVI'), ['rain and rivière']);
    assert.deepEqual(await texts('riv'), ['river', 'rivière']);
    assert.deepEqual(await texts('riv', '&limit=1'), ['river']);
    assert.deepEqual(await texts('ove'), [], 'a stop word');
  });

  test('current stories by label and by keyword, not those of the past', async () => {
    const stories = (await suggested('wat')).filter((s) => s.kind === 'story');
    assert.deepEqual(
      stories.map((s) => s.text),
      [`label of ${ids.flood}`, `label of ${ids.budget}`],
    );
    assert.equal(stories[0]!.headlines, 2);
  });

  test('publishers and categories after their fields', async () => {
    assert.deepEqual(await suggested('rain publisher:'), [
      { text: 'rain publisher:"The Bell"', kind: 'publisher', headlines: 3 },
      { text: 'rain publisher:"The Lamp"', kind: 'publisher', headlines: 3 },
      { text: 'rain publisher:"Le Phare"', kind: 'publisher', headlines: 1 },
    ]);
    assert.deepEqual(await texts('publisher:"the l'), ['publisher:"The Lamp"']);
    assert.deepEqual((await suggested('category:poli'))[0], {
      text: 'category:Politics',
      kind: 'category',
      headlines: 1,
    });
  });

  test('wildcards are letters, and nothing is syntax', async () => {
    const hostile = [
      '%',
      '_',
      'r%',
      '\\',
      "'; drop table headlines; --",
      '.*',
      '💧',
      '\u202e',
      'x'.repeat(1000),
      '-'.repeat(999),
    ];
    for (const q of hostile) assert.deepEqual(await texts(q), [], q);
    assert.deepEqual(await texts('publisher:%'), []);
    for (const q of ['a\0ri', 'ri\u{10ffff}', '\u{10ffff}', 'مرح', 'ﬁ']) await texts(q);
    assert.equal((await suggest('q=%ff')).statusCode, 200);
  });

  test('nothing typed, nothing suggested; what is wrong is named', async () => {
    for (const q of ['', ' ', 'rain ']) assert.deepEqual(await texts(q), []);
    const wrong: [string, string][] = [
      ['', 'q'],
      ['q=a&q=b', 'q'],
      [`q=${'a'.repeat(1001)}`, 'q'],
      ['q=a&limit=21', 'limit'],
      ['q=a&x=1', 'x'],
    ];
    for (const [query, field] of wrong) {
      assert.deepEqual(
        problemOf(await suggest(query), 400).errors?.map((e) => e.field),
        [field],
        query,
      );
    }
  });
});
