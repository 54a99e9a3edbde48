import assert from 'node:assert/strict';
import test from 'node:test';
import { buildTopics, buildTopicsAsync } from './index.ts';
import type { Doc } from './index.ts';

const HOUR = 3_600_000;
const START = 1_700_000_000_000;

const doc = (title: string, language: string, hours: number, publisher = 'Paper'): Doc => ({
  id: `${hours}-${title}`,
  title,
  language,
  publishedAt: START + hours * HOUR,
  publisher,
});

const docs = [
  doc('Volcano erupts in Iceland, flights grounded', 'en', 1),
  doc('Iceland volcano: flights grounded across Europe', 'en', 2),
  doc('Flights resume after Iceland volcano eruption', 'en', 9),
  doc('Le Sénat adopte la réforme des retraites', 'fr', 1.5),
  doc('Réforme des retraites : le Sénat vote le texte', 'fr', 3),
  doc('Retraites : après le Sénat, la réforme revient à l’Assemblée', 'fr', 5),
  doc('Chess champion loses title in Toronto', 'en', 4),
];

const titlesOf = (given: readonly Doc[]): string[][] =>
  buildTopics([...given]).map(({ members }) => members.map((member) => given[member]?.title ?? ''));

test('groups headlines of one story; a lone one is no topic', () => {
  const topics = buildTopics(docs);
  assert.deepEqual(
    topics.map(({ members }) => members),
    [
      [0, 1, 2],
      [3, 4, 5],
    ],
  );
  for (const { members, central } of topics) assert.ok(members.includes(central));
});

test('keywords are written as in the headlines', () => {
  const [volcano, pensions] = buildTopics(docs);
  assert.ok(volcano?.keywords.includes('Iceland'));
  assert.ok(pensions?.keywords.includes('Sénat'));
  assert.ok(pensions?.keywords.includes('retraites'));
});

test('the order of the docs changes nothing', () => {
  assert.deepEqual(titlesOf(docs.toReversed()), titlesOf(docs));
  assert.deepEqual(titlesOf([...docs.slice(3), ...docs.slice(0, 3)]), titlesOf(docs));
});

test('repeats are one point: they neither outweigh nor get lost', () => {
  const repeated = [
    ...docs,
    ...Array.from({ length: 50 }, (_, i) => doc('CHESS champion loses title, in Toronto!', 'en', 5 + i / 10)),
  ];
  const [largest] = buildTopics(repeated);
  assert.equal(largest?.members.length, 51);
  assert.equal(largest?.central, 6);
});

test('stories far apart in time stay apart', () => {
  const later = docs.slice(0, 3).map(({ title }) => doc(title, 'en', 24 * 30));
  assert.deepEqual(titlesOf([...docs.slice(0, 3), ...later]).length, 2);
  assert.equal(buildTopics([...docs.slice(0, 3), ...later], { maxAgeGapMs: 24 * 40 * HOUR }).length, 1);
});

test('does not chain: each headline resembles only the next', () => {
  const words = Array.from({ length: 42 }, (_, i) => `word${String.fromCharCode(97 + (i % 26))}${i}`);
  const chain = Array.from({ length: 40 }, (_, i) => doc(words.slice(i, i + 3).join(' '), 'en', 0));
  const largest = Math.max(...buildTopics(chain).map(({ members }) => members.length));
  assert.ok(largest <= 10, `${largest} headlines in one topic`);
});

test('the publisher at the end of a title ties nothing together', () => {
  const tied = ['Whales sing', 'Taxes rise', 'Rain comes'].map((title) =>
    doc(`${title} - Daily Example Herald`, 'en', 1, 'Daily Example Herald'),
  );
  assert.deepEqual(buildTopics(tied), []);
});

test('hostile titles', () => {
  const titles = [
    '',
    '',
    '🚀',
    '🚀',
    '\u0000\u202e',
    'مرحبا بالعالم',
    'x'.repeat(10_000),
    'word '.repeat(2000),
  ];
  const hostile = titles.map((title, i) => doc(title, 'xx', i === 3 ? Number.NaN : i));
  const topics = buildTopics([...hostile, ...docs]);
  assert.equal(topics.length, 2);
  assert.deepEqual(buildTopics([]), []);
});

test('options: size, threshold, signal', async () => {
  assert.equal(buildTopics(docs, { minSize: 4 }).length, 0);
  assert.equal(buildTopics(docs, { minSize: 1 }).length, 3);
  assert.equal(buildTopics(docs, { threshold: 1 }).length, 0);
  assert.throws(() => buildTopics(docs, { threshold: 0 }), RangeError);
  assert.throws(() => buildTopics(docs, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  assert.deepEqual(await buildTopicsAsync(docs), buildTopics(docs));
  const controller = new AbortController();
  const running = buildTopicsAsync(docs, { signal: controller.signal });
  controller.abort();
  await assert.rejects(running, { name: 'AbortError' });
});
