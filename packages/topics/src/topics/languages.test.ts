import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTopics } from './find-topics.ts';
import type { TopicDoc } from './types.ts';

const FRENCH = [
  "L'élection présidentielle : les électeurs votent dimanche au second tour",
  "Présidentielle : les candidats à l'élection débattent avant le second tour",
  "Élection : l'abstention des électeurs inquiète les candidats à la présidentielle",
  'Les électeurs de la présidentielle attendent le débat des candidats',
  "Second tour de l'élection présidentielle : le débat entre les candidats",
  'Football : le championnat reprend, les joueurs du club à l’entraînement',
  'Le club remporte le match et prend la tête du championnat de football',
  'Championnat de football : les joueurs du club battus, match décevant',
  'Match nul en championnat : le club de football perd deux joueurs blessés',
  'Les joueurs du club fêtent leur titre de champion après le match de football',
];
const ENGLISH = [
  'Central bank raises interest rates as inflation climbs again',
  'Inflation slows, the bank holds interest rates steady',
  'Interest rates: what the central bank does about inflation in 2024',
  'Bank warns that inflation will keep interest rates high',
  'Markets expect the central bank to cut interest rates as inflation falls',
];

const docsOf = (texts: readonly string[], language: string): TopicDoc[] =>
  texts.map((text, i) => ({ id: `${language}-${texts.length}-${i}`, text, language }));

test('French topics have their subject’s words, as written, without articles', () => {
  const { topics } = findTopics(docsOf(FRENCH, 'fr-FR'), { k: 2, minSize: 3, keywords: 5 });
  assert.deepEqual(
    topics.map(({ members }) => members),
    [
      [0, 1, 2, 3, 4],
      [5, 6, 7, 8, 9],
    ],
  );
  const [vote = [], football = []] = topics.map(({ keywords }) => keywords.map(({ word }) => word));
  assert.ok(vote.includes('électeurs') || vote.includes('présidentielle'), vote.join());
  assert.ok(football.includes('joueurs') && football.includes('club'), football.join());
  for (const word of [...vote, ...football]) assert.doesNotMatch(word, /^(les?|la|du|des?|au|en)$|['’]/i);
});

test('both languages in one collection, declared or not', () => {
  for (const [fr, en] of [
    ['fr', 'en'],
    ['und', 'und'],
  ] as const) {
    const docs = [...docsOf(FRENCH, fr), ...docsOf(ENGLISH, en)];
    const { topics } = findTopics(docs, { k: 3, minSize: 3, outliers: 'assign' });
    const sets = topics.map(({ members }) => members.toSorted((a, b) => a - b).join());
    assert.deepEqual(sets.toSorted(), ['0,1,2,3,4', '10,11,12,13,14', '5,6,7,8,9']);
  }
});

test('a number is no keyword', () => {
  const docs = docsOf(ENGLISH, 'en').map((doc) => ({ ...doc, text: `${doc.text} 2024` }));
  const { topics } = findTopics(docs, { k: 1, minSize: 3, keywords: 50 });
  const words = topics.flatMap(({ keywords }) => keywords.map(({ word }) => word));
  assert.ok(words.includes('inflation') || words.includes('Inflation'));
  assert.ok(!words.includes('2024'));
});

test('the title is read too', () => {
  const docs = docsOf(FRENCH, 'fr').map(({ text, ...doc }) => ({ ...doc, text: '', title: text }));
  assert.deepEqual(
    findTopics(docs, { k: 2, minSize: 3 }).topics.map(({ members }) => members.length),
    [5, 5],
  );
});
