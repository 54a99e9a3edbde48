import assert from 'node:assert/strict';
import test from 'node:test';
import { formsOf } from './forms.ts';

const words = (title: string, language: string): string => formsOf({ title, summary: '', language }).words;

test('folded words and the stems of the headline’s language, a space on both sides of each', () => {
  assert.deepEqual(formsOf({ title: 'L’Élysée : réformées !', summary: 'Les grèves', language: 'fr' }), {
    words: ' elysee reformees | les greves ',
    stems: ' elys reform | le grev ',
  });
  assert.equal(formsOf({ title: 'The banks', summary: '', language: 'en' }).stems, ' the bank ');
  assert.equal(formsOf({ title: 'Die Banken', summary: '', language: 'de' }).stems, ' die banken ');
  assert.deepEqual(formsOf({ title: '🚀', summary: '', language: 'en' }), { words: '  ', stems: '  ' });
});

test('numbers with any separator of thousands are one word', () => {
  for (const space of [' ', '\u00a0', '\u202f', '\u2009'])
    assert.equal(words(`à 10${space}000 €`, 'fr'), ' a 10000 ', JSON.stringify(space));
  assert.equal(words('1 234 567', 'fr'), ' 1234567 ');
  assert.equal(words('10,000', 'en'), ' 10000 ');
  assert.equal(words('4,5 %', 'fr'), ' 4.5 ');
  // These are two.
  for (const two of ['Covid-19 200', 'G7 200', '2026 100', '10 0000', '06 123', '4 100m'])
    assert.equal(words(two, 'fr').trim().split(' ').length, two.split(/[ -]/).length, two);
});

test('initials in capitals or not are one word', () => {
  for (const title of ['U.S.', 'u.s.', 'US', 'us'])
    assert.equal(words(`the ${title} said`, 'en'), ' the us said ', title);
  assert.equal(words('S.N.C.F', 'fr'), words('s.n.c.f', 'fr'));
  assert.equal(words('example.com a.b', 'en'), ' example com a b ');
});

test('a summary is read up to 400 characters, half a word never', () => {
  const read = (summary: string): string => formsOf({ title: 'x', summary, language: 'fr' }).words;
  const filler = 'a '.repeat(195);
  assert.ok(read(`${filler}présidente`).endsWith(' a presidente '));
  assert.ok(read(`${filler}xx présidente`).endsWith(' a xx '), 'it would have been cut');
  assert.ok(read(`${filler}xx 10\u00a0000\u00a0000`).endsWith(' a xx '), 'a number would have been another');
  assert.ok(read('x'.repeat(1_000_000)).length < 10);
});

test('forms are text that any store takes', () => {
  // 64 characters are kept of a word: this one is cut in the middle of a letter.
  const forms = formsOf({ title: `a${'𝒳𐐷'.repeat(50)}`, summary: '\ud800 \u0000 ﾞ ﷺ', language: 'en' });
  for (const form of Object.values(forms)) {
    assert.ok(form.isWellFormed());
    assert.ok(!/ {2}|\0/.test(form), form);
  }
});
