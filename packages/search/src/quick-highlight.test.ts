import assert from 'node:assert/strict';
import { test } from 'node:test';
import { highlighter } from './highlight.ts';
import { highlighter as quickMarks } from './quick-highlight.ts';

const texts: [language: string, text: string][] = [
  ['en', 'Whales return to the northern bay, and a whale-watcher’s whale song goes on'],
  ['en', 'The U.S. and the u.s. economy: 10,000 jobs, 4.5% growth (growing), grown-ups'],
  ['en', "O'Neill says he is dying; the dog died, dogs die\n\tof O’Neill’s"],
  ['en', 'CENTRAL BANK holds; central\u00a0banks, (Central) bank...bank “central” —bank'],
  ['fr', "L'élection, les élections, l’Élection d'Élise et qu'elles élisent"],
  ['fr', 'Le cœur de l’été : « déborde », débordé, DEBORDE, e\u0301te\u0301 et œuvres'],
  ['fr', "N'Djamena, aujourd'hui : 10 000 km, 10\u202f000 hommes, porte-avions"],
  ['und', 'Straße strasse STRASSE naïve naive ﬁn fin'],
  ['und', 'مرحبا بالعالم בעולם 新闻 💧 whale💧whale xwhale whale2 2whale'],
  ['en', ''],
];
const queries = [
  'whales',
  'whale song',
  'U.S. growth',
  'u.s. 10,000',
  "O'Neill die",
  'dying dogs',
  'central bank',
  'central banks return',
  'élection',
  "l'election d'elise",
  'coeur été débordée',
  'été oeuvre',
  "n'djamena porte-avions",
  'djamena 10 000',
  'strasse naïve fin',
  'مرحبا 新闻',
  'the le of de',
  'a b c e',
  '💧',
  '',
];

for (const query of queries) {
  test(`marks as the highlighter does, only sooner: ${query}`, () => {
    for (const phrases of [[], ['central bank'], ['the northern']]) {
      const [quick, whole] = [quickMarks(query, phrases), highlighter(query, phrases)];
      for (const [language, text] of texts) {
        // Twice: what is remembered of a page says the same again.
        for (let n = 0; n < 2; n++) assert.deepEqual(quick(text, language), whole(text, language), text);
      }
    }
  });
}

test('it marks at all', () => {
  assert.deepEqual(quickMarks('bay whales', [])(texts[0]![1], 'en'), [
    [0, 6],
    [30, 33],
    [41, 46],
    [57, 62],
  ]);
});
