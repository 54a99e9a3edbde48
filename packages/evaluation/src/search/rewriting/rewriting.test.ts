import assert from 'node:assert/strict';
import test from 'node:test';
import { randomOf } from '@afk/text';
import { otherNumber } from './number.ts';
import { kinds, rewritings, type Kind } from './rewriting.ts';
import { synonymOf } from './synonyms.ts';

const EN = 'Two airlines cancel flights over storm in northern cities';
const FR = 'Pensions : l’intersyndicale appelle à deux journées de grève contre la réforme';

const written = (kind: Kind, title: string, language: 'en' | 'fr', seed = 1): string[] =>
  rewritings[kind](title, language, randomOf(seed))!;

test('dropped: half of the telling words, in their order; the same ones for the same seed', () => {
  const words = written('dropped', EN, 'en');
  // Eight telling words: two, airlines, cancel, flights, storm, northern, cities, and no "over".
  assert.ok(words.length >= 3 && words.length <= 5, words.join(' '));
  const places = words.map((word) => EN.indexOf(word));
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  assert.deepEqual(words, written('dropped', EN, 'en'));
  const seeds = [1, 2, 3, 4, 5].map((seed) => written('dropped', EN, 'en', seed).join());
  assert.ok(new Set(seeds).size > 1);
});

test('reordered: words of the headline, not all in their order', () => {
  const words = written('reordered', EN, 'en');
  assert.ok(words.every((word) => EN.includes(word)));
  const places = words.map((word) => EN.indexOf(word));
  assert.notDeepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
});

test('inflected and paraphrased: at least one word is another', () => {
  for (const kind of ['inflected', 'paraphrased'] as const) {
    for (const [title, language] of [
      [EN, 'en'],
      [FR, 'fr'],
    ] as const) {
      const words = written(kind, title, language);
      assert.ok(
        words.some((word) => !title.split(/[\s’]+/).includes(word)),
        `${kind}: ${words.join(' ')}`,
      );
    }
  }
  assert.equal(rewritings.paraphrased('Zidane at Bordeaux', 'en', randomOf(1)), undefined);
});

test('typed: no accent, no capital, no apostrophe is left', () => {
  for (const seed of [1, 2, 3, 4]) {
    assert.match(written('typed', FR, 'fr', seed).join(' '), /^[a-z0-9 ]+$/);
  }
  assert.equal(rewritings.typed('Rain ends in Paris', 'en', randomOf(1)), undefined);
});

test('every kind says something', () => {
  for (const kind of kinds) assert.ok(written(kind, FR, 'fr').length >= 3, kind);
  assert.equal(written('three words', EN, 'en').length, 3);
});

test('number by rule: there and back, and none where no rule says one', () => {
  const pairs: ['en' | 'fr', string, string][] = [
    ['en', 'cities', 'city'],
    ['en', 'crashes', 'crash'],
    ['en', 'Flight', 'Flights'],
    ['fr', 'journaux', 'journal'],
    ['fr', 'manteau', 'manteaux'],
    ['fr', 'grèves', 'grève'],
  ];
  for (const [language, a, b] of pairs) {
    assert.equal(otherNumber(a, language), b);
    assert.equal(otherNumber(b, language), a);
  }
  for (const word of ['boss', 'USA', '2014', 'tax', 'walking', 'virus'])
    assert.equal(otherNumber(word, 'en'), undefined, word);
  for (const word of ['Paris', 'annoncer', 'appellent'])
    assert.equal(otherNumber(word, 'fr'), undefined, word);
});

test('synonyms: either way, capitals kept, numbers as digits', () => {
  assert.equal(synonymOf('Film', 'en'), 'Movie');
  assert.equal(synonymOf('movie', 'en'), 'film');
  assert.equal(synonymOf('Eight', 'en'), '8');
  assert.equal(synonymOf('12', 'fr'), 'douze');
  assert.equal(synonymOf('DÉCÈS', 'fr'), 'Mort');
  assert.equal(synonymOf('us', 'en'), undefined);
  assert.equal(synonymOf('US', 'en'), 'America');
  assert.equal(synonymOf('one', 'en'), undefined);
});
