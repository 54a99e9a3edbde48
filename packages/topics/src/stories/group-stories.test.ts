import assert from 'node:assert/strict';
import test from 'node:test';
import { groupStories, groupStoriesAsync } from './group-stories.ts';
import type { Doc } from '../types.ts';
import { headline, inventedWord, World } from './testing/invented.ts';

const doc = (title: string, language: string, hours: number, publisher = 'Paper'): Doc =>
  headline(`${hours}-${title}`, title, hours, { language, publisher });

const docs = [
  doc('Volcano erupts in Iceland, flights grounded', 'en', 1),
  doc('Iceland volcano: flights grounded across Europe', 'en', 2),
  doc('Flights resume after Iceland volcano eruption', 'en', 9),
  doc('Le Sénat adopte la réforme des retraites', 'fr', 1.5),
  doc('Réforme des retraites : le Sénat vote le texte', 'fr', 3),
  doc('Retraites : après le Sénat, la réforme revient à l’Assemblée', 'fr', 5),
  doc('Chess champion loses title in Toronto', 'en', 4),
];
const idsOf = (...numbers: number[]): string[] => numbers.map((n) => docs[n]!.id);

const membersOf = (given: readonly Doc[]): string[][] => groupStories(given).map(({ members }) => members);

test('groups headlines of one story; a lone one is no story', () => {
  const stories = groupStories(docs);
  assert.deepEqual(
    stories.map(({ members }) => members),
    [idsOf(0, 1, 2), idsOf(3, 4, 5)],
  );
  for (const { members, central } of stories) assert.ok(members.includes(central));
});

test('keywords are written as in the headlines', () => {
  const [volcano, pensions] = groupStories(docs);
  assert.ok(volcano?.keywords.includes('Iceland'));
  assert.ok(pensions?.keywords.includes('Sénat'));
  assert.ok(pensions?.keywords.includes('retraites'));
});

test('the order of the docs changes nothing', () => {
  const stories = JSON.stringify(groupStories(docs));
  assert.equal(JSON.stringify(groupStories(docs.toReversed())), stories);
  assert.equal(JSON.stringify(groupStories([...docs.slice(3), ...docs.slice(0, 3)])), stories);
});

test('nor in a larger world, with repeats, ties in time and lone headlines; two runs agree byte for byte', () => {
  const world = new World(21);
  const many = Array.from({ length: 1500 }, (_, i) => {
    const title = world.title(world.below(3) === 0 ? 1000 + i : world.below(60));
    return headline(`h${world.below(2 ** 31)}`, title, world.below(40), { language: i % 2 ? 'en' : 'und' });
  });
  for (let i = 0; i < 100; i += 1) many.push({ ...many[world.below(1500)]!, id: `again${i}` });
  for (let i = 0; i < 200; i += 1) many.push(headline(`tied${i}`, world.tied(), world.below(4)));
  const stories = groupStories(many, { minSize: 1 });
  assert.ok(stories.filter(({ members }) => members.length > 5).length > 40);
  assert.equal(stories.flatMap(({ members }) => members).length, many.length);
  assert.equal(JSON.stringify(groupStories(many, { minSize: 1 })), JSON.stringify(stories));
  for (let run = 0; run < 3; run += 1) {
    assert.equal(JSON.stringify(groupStories(world.shuffled(many), { minSize: 1 })), JSON.stringify(stories));
  }
});

test('repeats are one point: they neither outweigh nor get lost', () => {
  const repeated = [
    ...docs,
    ...Array.from({ length: 50 }, (_, i) => doc('CHESS champion loses title, in Toronto!', 'en', 5 + i / 10)),
  ];
  const [largest] = groupStories(repeated);
  assert.equal(largest?.members.length, 51);
  assert.equal(largest?.central, docs[6]!.id);
});

test('stories far apart in time stay apart', () => {
  const later = docs.slice(0, 3).map(({ title }) => doc(title, 'en', 24 * 30));
  const both = [...docs.slice(0, 3), ...later];
  assert.deepEqual(membersOf(both), [idsOf(0, 1, 2), later.map(({ id }) => id).sort()]);
  assert.equal(groupStories(both, { silenceHalfLifeMs: Infinity }).length, 1);
});

test('does not chain: each headline resembles only the next', () => {
  const words = Array.from({ length: 42 }, (_, i) => `word${String.fromCharCode(97 + (i % 26))}${i}`);
  const chain = Array.from({ length: 40 }, (_, i) => doc(words.slice(i, i + 3).join(' '), 'en', 0));
  const largest = Math.max(...groupStories(chain).map(({ members }) => members.length));
  assert.ok(largest <= 10, `${largest} headlines in one story`);
});

test('the publisher at the end of a title ties nothing together', () => {
  const tied = ['Whales sing', 'Taxes rise', 'Rain comes'].map((title) =>
    doc(`${title} - Daily Example Herald`, 'en', 1, 'Daily Example Herald'),
  );
  assert.deepEqual(groupStories(tied), []);
});

test('outliers stay single among stories: no word shared, or one that everybody uses', () => {
  const world = new World(5);
  const told = Array.from({ length: 200 }, (_, i) => headline(`told${i}`, world.title(i % 20), i / 20));
  const lone = Array.from({ length: 50 }, (_, i) => {
    const title = [1, 2, 3, 4, 5].map((k) => inventedWord(5000 + 5 * i + k)).join(' ');
    return headline(`lone${i}`, i % 2 === 0 ? title : `${title} court`, i / 5);
  });
  const all = groupStories([...told, ...lone], { minSize: 1 });
  const forced = all.filter(
    ({ members }) => members.length > 1 && members.some((id) => id.startsWith('lone')),
  );
  assert.deepEqual(
    forced.map(({ members, keywords }) => [members.length, keywords]),
    [],
  );
});

test('French and English: each in stories of its language, inflected as each inflects', () => {
  const both = [
    doc('Presidential election: voters head to the polls in Senegal', 'en', 1),
    doc('The voters of Senegal elect a president', 'en', 2),
    doc('Polls open in Senegal for the presidential elections', 'en', 3),
    doc('Grève des cheminots : un train sur deux dimanche', 'fr', 4),
    doc('Les cheminots en grève, les trains annulés', 'fr', 5),
    doc('SNCF : la greve des cheminots annule des trains', 'fr', 6),
  ];
  // The language that a feed declares, or none: then it is told from the text.
  for (const language of ['its own', 'und']) {
    const given = language === 'und' ? both.map((d) => ({ ...d, language })) : both;
    assert.deepEqual(
      membersOf(given).map((members) => members.map((id) => both.findIndex((d) => d.id === id))),
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
      `declared ${language}`,
    );
  }
});

const hostileTitles = [
  '',
  '',
  '🚀',
  '🚀',
  '\u0000\u202e',
  'مرحبا بالعالم',
  'x'.repeat(10_000),
  'word '.repeat(2000),
  '\ud800 torn \udfff',
  '__proto__ constructor toString',
  '"; drop table headlines; --',
  '%s %d ${x} {{y}}',
];

test('hostile titles', () => {
  const hostile = hostileTitles.map((title, i) => doc(title, 'xx', i === 3 ? Number.NaN : i));
  const stories = groupStories([...hostile, ...docs]);
  assert.equal(stories.length, 2);
  assert.deepEqual(groupStories([]), []);
  const alone = groupStories(hostile, { minSize: 1 });
  assert.deepEqual(alone.flatMap(({ members }) => members).sort(), hostile.map(({ id }) => id).sort());
});

test('headlines without a date are of 1970, in order of ids, whatever order they come in', () => {
  const title = 'Volcano erupts in Iceland, flights grounded';
  const given = [
    headline('d', title, 0, { publishedAt: Number.NaN }),
    headline('b', title, 0, { publishedAt: 5 }),
    headline('a', title, 0, { publishedAt: 9 }),
    headline('c', title, 0, { publishedAt: Number.NaN }),
    headline('e', title, 0, { publishedAt: -1 }),
  ];
  const world = new World(2);
  for (let run = 0; run < 10; run += 1) {
    assert.deepEqual(membersOf(world.shuffled(given)), [['e', 'c', 'd', 'b', 'a']]);
  }
});

test('options: size, threshold, signal', async () => {
  assert.equal(groupStories(docs, { minSize: 4 }).length, 0);
  assert.equal(groupStories(docs, { minSize: 1 }).length, 3);
  assert.equal(groupStories(docs, { threshold: 1 }).length, 0);
  for (const threshold of [0, -1, 1.1, Number.NaN]) {
    assert.throws(() => groupStories(docs, { threshold }), { name: 'RangeError', message: /threshold/ });
  }
  assert.throws(() => groupStories(docs, { windowMs: 0 }), { name: 'RangeError', message: /windowMs 0/ });
  assert.throws(() => groupStories(docs, { silenceHalfLifeMs: -1 }), /silenceHalfLifeMs -1/);
  assert.throws(() => groupStories(docs, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  assert.deepEqual(await groupStoriesAsync(docs), groupStories(docs));
  const controller = new AbortController();
  const running = groupStoriesAsync(docs, { signal: controller.signal });
  controller.abort();
  await assert.rejects(running, { name: 'AbortError' });
});
