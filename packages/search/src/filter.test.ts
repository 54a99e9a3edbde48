import assert from 'node:assert/strict';
import test from 'node:test';
import {
  filterOf,
  highlighter,
  matcherOf,
  parseQuery,
  QuerySyntaxError,
  storedOf,
  type Given,
  type IndexedHeadline,
  type Stored,
} from './index.ts';
import { CLOCK, drawing, headline, randomHeadline, randomText, type Draw } from './testing/headlines.ts';
import { idOf, testPoints } from './testing/qdrant.ts';

const pointsOf = (headlines: readonly IndexedHeadline[]) =>
  headlines.map((one, n) => ({ id: idOf(n), payload: storedOf(one) }));

const matching = (headlines: readonly Stored[], text: string, given?: Given): string[] => {
  const matches = matcherOf(parseQuery(text, CLOCK), given);
  return headlines.flatMap((one, n) => (matches(one) ? [idOf(n)] : []));
};

test('nothing to fulfil is no filter', () => {
  assert.equal(filterOf(parseQuery('words and more', CLOCK)), undefined);
  assert.equal(filterOf(parseQuery('"🚀" words', CLOCK)), undefined);
  assert.equal(filterOf(parseQuery('words -🚀', CLOCK), {}), undefined);
});

test('in Qdrant a filter finds what it says', async (t) => {
  const headlines = [
    headline({
      title: 'Réforme des retraites : la grève',
      language: 'fr',
      publisher: 'Le Monde',
      category: 'labour',
    }),
    headline({
      title: 'La retraite d’un champion',
      language: 'fr',
      publisher: 'L’Équipe',
      category: 'sport',
    }),
    headline({ title: 'Players retired early', publisher: 'Le Monde diplomatique', category: 'sport' }),
    headline({ title: 'Old news', publisher: 'The Sun', publishedAt: new Date('2026-01-31T23:59:59.999Z') }),
    headline({ title: 'Die Wahl', publisher: 'Der Bote', language: 'de-AT' }),
  ];
  const points = await testPoints(t, pointsOf(headlines));
  const found = async (text: string, given?: Given): Promise<number[]> => {
    const ids = await points.idsOf(filterOf(parseQuery(text, CLOCK), given));
    return ids.map((id) => Number(`0x${id.slice(-12)}`));
  };
  assert.deepEqual(await found('"des retraites"'), [0]);
  assert.deepEqual(await found('-retraite'), [2, 3, 4], 'all its inflections, in its own language');
  assert.deepEqual(
    await found('-retrait'),
    [0, 1, 2, 3, 4],
    'a stem of French is a word of French, another one',
  );
  assert.deepEqual(await found('-retiring'), [0, 1, 3, 4]);
  assert.deepEqual(await found('publisher:"le monde"'), [0, 2]);
  assert.deepEqual(await found('publisher:"le monde" -publisher:diplomatique'), [0]);
  assert.deepEqual(await found('publisher:mon'), [], 'no part of a word');
  assert.deepEqual(await found('category:sport category:labour'), [0, 1, 2]);
  assert.deepEqual(await found('-category:sport'), [0, 3, 4], 'also what has no category');
  assert.deepEqual(await found('-language:fr'), [2, 3, 4]);
  for (const text of ['language:de', 'lang:DE-CH', '-language:fr -language:en'])
    assert.deepEqual(await found(text), [4], text);
  assert.deepEqual(await found('', { language: 'de' }), [4]);
  assert.deepEqual(await found('-language:de'), [0, 1, 2, 3]);
  assert.deepEqual(await found('before:2026-02-01'), [3]);
  assert.deepEqual(await found('after:2026-02-01'), [0, 1, 2, 4]);
  assert.deepEqual(await found('', { publisher: 'Le Monde' }), [0], 'to the letter');
  assert.deepEqual(
    await found('', { from: CLOCK.toISOString(), to: CLOCK.toISOString() }),
    [0, 1, 2, 4],
    'both included',
  );
  assert.deepEqual(await found('"des retraites"', { category: 'sport' }), []);
});

/** Whitespace-bounded words out of a headline, as somebody else may type them. */
function quoteFrom(draw: Draw, { title, summary }: IndexedHeadline): string {
  const words = draw
    .of([title, summary, title])
    .replaceAll(/["“”„«»]/g, ' ')
    .split(/ +/)
    .filter(Boolean);
  const from = draw.below(words.length);
  const text = words.slice(from, from + 1 + draw.below(3)).join(' ');
  return draw.of([
    text,
    text.toLowerCase(),
    text.normalize('NFD').replaceAll(/\p{M}/gu, ''),
    text.toUpperCase(),
    text.replaceAll('’', "'"),
    text.normalize('NFC'),
  ]);
}

function randomQuery(draw: Draw, headlines: readonly IndexedHeadline[]): string {
  const clause = (): string => {
    const text =
      draw.below(3) === 0 ? randomText(draw, 'fr', 1 + draw.below(2)) : quoteFrom(draw, draw.of(headlines));
    const plain = text.replaceAll(/["“”„«»]/g, ' ');
    return draw.of([
      `"${plain}"`,
      `"${plain}"`,
      `-"${plain}"`,
      `-${plain.trim().split(/\s+/u)[0] ?? 'x'}`,
      `${draw.of(['', '-'])}publisher:"${draw.of(['le monde', 'sun', 'equipe', 'US', 'Élan'])}"`,
      `${draw.of(['', '-'])}category:${draw.of(['sport', 'health', 'politics', 'weather'])}`,
      `${draw.of(['', '-'])}language:${draw.of(['fr', 'en', 'de', 'und'])}`,
      `${draw.of(['after', 'before'])}:${draw.of(['3d', '5d', '100h', '2026-02-25'])}`,
    ]);
  };
  return Array.from({ length: 1 + draw.below(3) }, clause).join(' ');
}

/** Of a query without plain words: the phrases are words too, but those must stand in the headline anyway. */
test('a filter and a matcher find the same, and what has a phrase has it marked', async (t) => {
  const draw = drawing(5);
  const headlines = Array.from({ length: 400 }, () => randomHeadline(draw));
  const points = await testPoints(t, pointsOf(headlines));
  const stored = headlines.map(storedOf);
  let some = 0;
  for (let n = 0; n < 800; n++) {
    const text = randomQuery(draw, headlines);
    let query;
    try {
      query = parseQuery(text, CLOCK);
    } catch (error) {
      assert.ok(error instanceof QuerySyntaxError && error.message.startsWith('nothing can lie'), text);
      continue;
    }
    if (query.text !== '' && query.phrases.length === 0) continue;
    const given: Given =
      draw.below(4) === 0 ? { language: draw.of(['fr', 'en', 'de']), from: '2026-02-24T00:00:00+01:00' } : {};
    const ids = await points.idsOf(filterOf(query, given));
    assert.deepEqual(ids, matching(stored, text, given), JSON.stringify(text));
    if (ids.length > 0 && ids.length < headlines.length) some += 1;
    const mark = highlighter('', query.phrases);
    for (const id of query.phrases.length > 0 ? ids : []) {
      const { title, summary, language } = headlines[Number(`0x${id.slice(-12)}`)]!;
      assert.ok(
        mark(title, language).length + mark(summary, language).length > 0,
        JSON.stringify([text, title]),
      );
    }
  }
  assert.ok(some > 150, `${some} queries that find some`);
});

test('what stands in a headline is found there as a phrase, however it is typed', () => {
  const draw = drawing(6);
  for (let n = 0; n < 3000; n++) {
    const one = randomHeadline(draw);
    one.summary = '';
    const text = quoteFrom(draw, one);
    const query = parseQuery(`"${text}"`, CLOCK);
    if (query.phrases.length === 0) continue;
    const what = JSON.stringify([text, one.title, one.language]);
    assert.ok(matcherOf(query)(one), what);
    assert.ok(!matcherOf(parseQuery(`-"${text}"`, CLOCK))(one), what);
  }
});
