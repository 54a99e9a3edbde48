import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseQuery } from '@afk/search';
import { fieldOf, plainWords, typedOf } from './typed.ts';

const cases: [q: string, kind: 'word' | 'publisher' | 'category', prefix: string, head: string][] = [
  ['elec', 'word', 'elec', ''],
  ['Élec', 'word', 'elec', ''],
  ['rain and flo', 'word', 'flo', 'rain and '],
  ['rain -flo', 'word', 'flo', 'rain -'],
  ['"climate ch', 'word', 'ch', '"climate '],
  ["l'élec", 'word', 'elec', "l'"],
  ["O'Nei", 'word', 'onei', ''],
  ['publisher:', 'publisher', '', ''],
  ['rain publisher:Lam', 'publisher', 'lam', 'rain '],
  ['rain -PUBLISHER:"The La', 'publisher', 'the la', 'rain -'],
  ['category:é', 'category', 'e', ''],
  ['"a phrase" category:«arts &', 'category', 'arts &', '"a phrase" '],
  ['publisher:"The Lamp" flo', 'word', 'flo', 'publisher:"The Lamp" '],
  ['publisher:Lamp flo', 'word', 'flo', 'publisher:Lamp '],
];
for (const [q, kind, prefix, head] of cases) {
  test(`${q}: completes the ${kind} "${prefix}"`, () => {
    assert.deepEqual(typedOf(q), { kind, prefix, head });
  });
}

test('nothing is being typed', () => {
  for (const q of [
    '',
    ' ',
    'rain ',
    'rain, ',
    'rain!',
    '-',
    '"',
    'after:2026',
    'language:f',
    'publisher:"The Lamp"',
    '💧',
    '\u202e',
  ]) {
    assert.equal(typedOf(q), undefined, q);
  }
});

test('a field has the quotes that its value needs, and is read back as it was meant', () => {
  assert.equal(fieldOf('publisher', 'Reuters'), 'publisher:Reuters');
  assert.equal(fieldOf('publisher', 'The Lamp'), 'publisher:"The Lamp"');
  for (const name of [
    'Reuters',
    'The Lamp',
    'a "quoted" name',
    '“Curly”',
    '«x»',
    "L'Obs",
    '-dash',
    'x:y z',
    'AT&T',
  ]) {
    const query = parseQuery(`${fieldOf('publisher', name)} rain`, new Date(0));
    assert.deepEqual(
      [query.publishers.length, query.text, query.not.publishers.length],
      [1, 'rain', 0],
      name,
    );
  }
});

test('a title as words has no syntax left in it', () => {
  for (const title of [
    'He said “at least forty” to us',
    'Cold: -40 degrees',
    'category: who knows',
    'a "b" -c publisher:d',
  ]) {
    const query = parseQuery(plainWords(title), new Date(0));
    assert.deepEqual([query.phrases, query.excluded, query.publishers], [[], [], []], title);
    assert.ok(query.text.length > 0);
  }
});
