import assert from 'node:assert/strict';
import test from 'node:test';
import { asTyped, correctedQuery, filterOf, matcherOf, parseQuery, quotedWords } from './index.ts';
import { MAX_CLAUSES } from './query.ts';
import { CLOCK, headline } from './testing/headlines.ts';

const parse = (text: string) => parseQuery(text, CLOCK);
const WATER = { word: 'watr', to: 'water' };
/** The words and phrases of a query with its corrections. */
function corrected(text: string, ...corrections: { word: string; to: string }[]): [string, ...string[]] {
  const query = correctedQuery(parse(text), corrections);
  return [query.text, ...query.phrases];
}

test('words and phrases are corrected alike, whole and in any case', () => {
  assert.deepEqual(corrected('watr "clean watr for all" watry WATR, lowatr', WATER), [
    'water clean water for all watry water, lowatr',
    'clean water for all',
  ]);
  assert.deepEqual(corrected("l'elction “prime l'Elction”", { word: 'elction', to: 'élection' }), [
    "l'élection prime l'élection",
    "prime l'élection",
  ]);
  assert.deepEqual(corrected("Chnia's dry-watr plan", { word: 'Chnia', to: 'china' }, WATER), [
    "china's dry-water plan",
  ]);
});

test('a phrase with a misspelt word finds what has it as it was meant', () => {
  const query = correctedQuery(parse('"watr supply"'), [WATER]);
  assert.ok(matcherOf(query)(headline({ title: 'The water supply of Oslo' })));
  assert.match(JSON.stringify(filterOf(query)), /"phrase":"water supply"/);
});

test('what a correction holds is text: no pattern, no replacement, not corrected again', () => {
  assert.deepEqual(corrected('wat.r (a+)+ $& watr', { word: 'watr', to: '$& $1 (.*)' }), [
    'wat.r (a+)+ $& $& $1 (.*)',
  ]);
  assert.deepEqual(corrected('one two', { word: 'one', to: 'two' }, { word: 'two', to: 'one' }), ['two one']);
  assert.deepEqual(corrected('a.* b', { word: 'a.*', to: 'x' }), ['a.* b']);
});

test('a word in quotes by itself stays as it is, wherever it stands', () => {
  assert.deepEqual([...quotedWords(parse('"Watr" “two words” rain «été» -"no" "!"'))], ['watr', 'ete']);
  assert.deepEqual(corrected('"Watr" watr "watr rvier"', WATER, { word: 'rvier', to: 'river' }), [
    'Watr watr watr river',
    'Watr',
    'watr river',
  ]);
});

test('exclusions and fields are left alone', () => {
  const query = parse('watr -watr publisher:watr after:3d');
  assert.deepEqual(correctedQuery(query, [WATER]), { ...query, text: 'water' });
  assert.equal(correctedQuery(query, []), query);
});

test('the words as they were typed are asked for in quotes', () => {
  const typed = (text: string, ...words: string[]) =>
    asTyped(
      text,
      words.map((word) => ({ word, to: 'x' })),
    );
  assert.equal(typed('Watr, supply -watr publisher:watr', 'Watr'), '"Watr" supply -watr publisher:watr');
  assert.equal(typed('"watr supply"  rain', 'watr'), '"watr supply" rain "watr"');
  assert.equal(typed('dry-watr rivr', 'watr', 'rivr'), 'dry-watr "rivr" "watr"');
  assert.equal(typed('12" x "dry-rain watr', 'watr'), '12 x dry-rain "watr"', 'no quote opens that was none');
  assert.equal(typed(`watr ${'-a '.repeat(MAX_CLAUSES)}`, 'watr'), undefined);
  for (const text of [
    'watr',
    '"watr supply"',
    'dry-watr',
    '«a watr',
    'watr"x y',
    "l'watr",
    'a "b watr" watr',
  ]) {
    const again = parse(typed(text, 'watr')!);
    assert.ok(quotedWords(again).has('watr'), text);
    assert.equal(correctedQuery(again, [WATER]), again, text);
  }
});
