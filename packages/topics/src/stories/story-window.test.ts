import assert from 'node:assert/strict';
import test from 'node:test';
import { runSteps, runStepsAsync } from '@afk/text';
import type { Doc } from '../types.ts';
import { headline, HOUR, inventedWord, START, World } from './testing/invented.ts';
import { StoryWindow } from './story-window.ts';
import type { StoryChanges, StoryOptions } from './types.ts';

/** A window with a clock in hours after START; stories are named after their oldest headline and the run. */
class Run {
  readonly window: StoryWindow;
  #runs = 0;

  constructor(options: StoryOptions = {}) {
    this.window = new StoryWindow(options);
  }

  at(hours: number, ...docs: Doc[]): StoryChanges {
    this.#runs += 1;
    return runSteps(this.window.advance(docs, START + hours * HOUR, (id) => `${id}#${this.#runs}`));
  }

  story(id: string): string | undefined {
    return this.window.storyOf(id);
  }
}

const volcano = [
  'Volcano erupts in Iceland, flights grounded',
  'Iceland volcano: flights grounded across Europe',
  'Flights resume after Iceland volcano eruption',
  'Iceland volcano eruption grounds flights in Europe again',
].map((title, i) => headline(`v${i}`, title, 1 + i));

const chess = headline('chess', 'Chess champion loses title in Toronto', 2);

test('a story is born with its first headline and keeps its id while it grows', () => {
  const run = new Run();
  const first = run.at(1, volcano[0]!);
  assert.deepEqual(first.born, ['v0#1']);
  assert.deepEqual(first.headlines, [{ headline: 'v0', item: 'v0', story: 'v0#1' }]);
  const second = run.at(3, volcano[1]!, chess, volcano[2]!);
  assert.equal(run.story('v2'), 'v0#1');
  assert.notEqual(run.story('chess'), 'v0#1');
  assert.deepEqual(second.born, [run.story('chess')]);
  const grown = second.stories.find(({ id }) => id === 'v0#1');
  assert.deepEqual(grown?.members, ['v0', 'v1', 'v2']);
  assert.ok(grown.members.includes(grown.central));
  assert.ok(grown.keywords.includes('Iceland'));
  assert.deepEqual([second.merged, second.split, second.gone, second.expired], [[], [], [], []]);
});

const NOTHING = { stories: [], headlines: [], expired: [], gone: [], born: [], merged: [], split: [] };

test('the same batch twice changes nothing', () => {
  const run = new Run();
  const batch = [...volcano, chess];
  const { weighedAt } = run.at(5, ...batch);
  const before = JSON.stringify(run.window.stories());
  assert.deepEqual(run.at(5, ...batch), { ...NOTHING, weighedAt });
  assert.deepEqual(run.at(5), { ...NOTHING, weighedAt });
  assert.deepEqual(run.at(6, ...batch.toReversed()), { ...NOTHING, weighedAt });
  assert.equal(JSON.stringify(run.window.stories()), before);
  assert.deepEqual(new Run().at(1), { ...NOTHING, weighedAt: 0 });
});

test('a batch that names a headline twice takes it once', () => {
  const run = new Run();
  const { headlines } = run.at(5, chess, chess, { ...chess, title: 'Something else under the same id' });
  assert.deepEqual(
    headlines.map((row) => row.headline),
    ['chess'],
  );
  assert.equal(run.window.size, 1);
});

const [SIX, OTHER] = [0, 100].map((from) => Array.from({ length: 6 }, (_, k) => inventedWord(from + k))) as [
  string[],
  string[],
];

/** Headlines of different wordings: four of the six words and two of its own. */
function telling(name: string, words: readonly string[], count: number, hours: number): Doc[] {
  const world = new World(name.charCodeAt(0));
  return Array.from({ length: count }, (_, k) => {
    const own = [0, 1].map((w) => inventedWord(1000 + name.charCodeAt(0) * 100 + 2 * k + w));
    return headline(`${name}${k}`, [...world.shuffled(words).slice(0, 4), ...own].join(' '), hours + k / 100);
  });
}

/** Headlines that tell both: three words of each. */
function bridging(count: number, hours: number): Doc[] {
  const world = new World(1);
  return Array.from({ length: count }, (_, k) => {
    const some = [SIX, OTHER].flatMap((words) => world.shuffled(words).slice(0, 3));
    return headline(`z${k}`, [...some, inventedWord(9000 + k)].join(' '), hours + k / 100);
  });
}

test('of a merge the larger id lives, and the other points to it', () => {
  for (const [ones, others] of [
    [6, 3],
    [3, 6],
  ] as const) {
    const run = new Run();
    run.at(2, ...telling('a', SIX, ones, 1), ...telling('b', OTHER, others, 1));
    const [one, other] = [run.story('a0')!, run.story('b0')!];
    assert.deepEqual([run.story(`a${ones - 1}`), run.story(`b${others - 1}`)], [one, other]);
    assert.notEqual(one, other);
    const [large, small] = ones > others ? [one, other] : [other, one];
    const { merged, gone, stories, split } = run.at(5, ...bridging(20, 3));
    assert.deepEqual(merged, [{ from: small, into: large }]);
    assert.deepEqual([gone, split], [[small], []]);
    for (const id of ['a0', 'b0', 'z3']) assert.equal(run.story(id), large);
    assert.deepEqual(
      stories.map(({ id, members }) => [id, members.length]),
      [[large, 29]],
    );
  }
});

test('of a split the larger part keeps the id, and the rest says where it came from', () => {
  for (const [ones, others] of [
    [6, 3],
    [3, 6],
  ] as const) {
    // What holds the two together leaves the window first.
    const run = new Run({ windowMs: 12 * HOUR });
    run.at(3, ...bridging(20, 0.5), ...telling('a', SIX, ones, 2), ...telling('b', OTHER, others, 2));
    const before = run.story('a0')!;
    for (const id of ['b0', 'z0']) assert.equal(run.story(id), before);
    const { born, merged, split, stories, gone } = run.at(13);
    const [larger, smaller] = ones > others ? ['a0', 'b0'] : ['b0', 'a0'];
    const part = run.story(smaller)!;
    assert.equal(run.story(larger), before);
    assert.notEqual(part, before);
    assert.deepEqual(split, [{ id: part, from: before }]);
    assert.deepEqual([born, merged, gone], [[part], [], []]);
    assert.deepEqual(
      new Map(stories.map(({ id, members }) => [id, members.length])),
      new Map([
        [before, 6],
        [part, 3],
      ]),
    );
  }
});

test('headlines leave the window, and with the last one the story', () => {
  const run = new Run({ windowMs: 10 * HOUR });
  run.at(4, ...volcano, chess);
  const [story, other] = [run.story('v0')!, run.story('chess')!];
  // v0 was published at hour 1: at hour 11 it is 10 hours old, and out.
  const first = run.at(11);
  assert.deepEqual(first.expired, ['v0']);
  assert.equal(run.story('v0'), undefined);
  assert.throws(() => run.window.vectorOf('v0'), /v0 is not in the window/);
  assert.deepEqual(first.stories.find(({ id }) => id === story)?.members, ['v1', 'v2', 'v3']);
  assert.deepEqual(first.gone, []);
  const last = run.at(20);
  assert.deepEqual(last.expired, ['chess', 'v1', 'v2', 'v3']);
  assert.deepEqual(last.gone, [story, other].sort());
  assert.deepEqual([run.window.size, run.window.storyIds(), run.window.stories()], [0, [], []]);
  assert.deepEqual([last.merged, last.split, last.born, last.stories], [[], [], [], []]);
});

test('what is too old or of the future is not taken in, and comes when its time has come', () => {
  const run = new Run({ windowMs: 10 * HOUR });
  const early = headline('early', 'Old news of the harbour strike', 0);
  const future = headline('future', 'Comet to be seen tonight over Lisbon', 30);
  assert.deepEqual(run.at(20, early, future), { ...NOTHING, weighedAt: 0 });
  assert.deepEqual(run.at(30, early, future).born, ['future#2']);
});

test('a story that slept goes on under its id while something of it is in the window, and not after', () => {
  const revived = [6, 30].map((hours) => {
    const run = new Run({ windowMs: 24 * HOUR });
    run.at(4, ...volcano);
    const before = run.story('v0')!;
    run.at(4 + hours, headline('again', 'Iceland volcano: flights grounded again in Europe', 4 + hours));
    return run.story('again') === before;
  });
  assert.deepEqual(revived, [true, false]);
});

test('late headlines join the story that stands', () => {
  const run = new Run();
  run.at(4, volcano[1]!, volcano[2]!, volcano[3]!);
  const story = run.story('v1');
  const { stories } = run.at(5, volcano[0]!);
  assert.equal(run.story('v0'), story);
  assert.deepEqual(stories[0]?.members, ['v0', 'v1', 'v2', 'v3']);
});

const itemOf = (changes: StoryChanges, id: string): string | undefined =>
  changes.headlines.find((row) => row.headline === id)?.item;

test('repeats fold into one item within the silence half-life, and not after it', () => {
  for (const [hours, folded] of [
    [5.9, true],
    [6.1, false],
  ] as const) {
    const run = new Run({ silenceHalfLifeMs: 6 * HOUR });
    const title = 'Weather for the weekend: showers in the north';
    run.at(1, headline('first', title, 1));
    const changes = run.at(1 + hours, headline('second', `${title.toUpperCase()}!`, 1 + hours));
    assert.equal(itemOf(changes, 'second'), folded ? 'first' : 'second', `after ${hours} h`);
  }
});

test('what has left the window is not there for repeats to join, however long silence is forgiven', () => {
  const run = new Run({ windowMs: 10 * HOUR, silenceHalfLifeMs: Infinity });
  run.at(2, chess);
  const changes = run.at(20, { ...chess, id: 'later', publishedAt: START + 20 * HOUR });
  assert.equal(itemOf(changes, 'later'), 'later');
  assert.deepEqual([changes.gone, changes.born], [['chess#1'], ['later#2']]);
});

test('near-duplicates with other numbers are other headlines', () => {
  const run = new Run();
  const changes = run.at(
    3,
    headline('101', 'Oil price rises above 101 dollars a barrel in London', 1),
    headline('102', 'Oil price rises above 102 dollars a barrel in London', 2),
    headline('same', 'Oil prices rise above 101 dollars a barrel, in London', 3),
  );
  assert.deepEqual(
    ['101', '102', 'same'].map((id) => itemOf(changes, id)),
    ['101', '102', '101'],
  );
});

test('an item outlives the headline that began it', () => {
  const run = new Run({ windowMs: 10 * HOUR });
  run.at(1, { ...chess, publishedAt: START + HOUR });
  run.at(9, { ...chess, id: 'repeat', publishedAt: START + 9 * HOUR });
  const story = run.story('chess');
  assert.deepEqual(run.at(12).expired, ['chess']);
  const changes = run.at(13, { ...chess, id: 'third', publishedAt: START + 13 * HOUR });
  assert.equal(itemOf(changes, 'third'), 'chess');
  assert.deepEqual([run.story('repeat'), run.story('third')], [story, story]);
});

/** 10,000 headlines of 1,250 stories in two days. */
const crowd = (world: World): Doc[] =>
  Array.from({ length: 10_000 }, (_, i) => headline(`c${i}`, world.title(i % 1250), (48 * i) / 10_000));

test('what a run writes follows the new headlines, not the window', () => {
  const world = new World(31);
  const run = new Run();
  run.at(48, ...crowd(world));
  const news = Array.from({ length: 200 }, (_, i) => headline(`n${i}`, world.title(world.below(1250)), 49));
  const changes = run.at(49, ...news);
  assert.equal(run.window.size, 10_200);
  const rows = new Set(changes.headlines.map((row) => row.headline));
  assert.ok(news.every(({ id }) => rows.has(id)));
  assert.ok(rows.size < 300, `${rows.size} rows`);
  assert.ok(changes.stories.length <= 200, `${changes.stories.length} stories`);
});

test('a repeat is written down, and not with it all that have said the same before', () => {
  const run = new Run();
  const wire = 'The text of an agency that is printed everywhere word for word';
  run.at(50, ...Array.from({ length: 1000 }, (_, i) => headline(`wire${i}`, wire, 50)));
  const once = run.at(51, headline('one-more', wire, 51));
  assert.ok(once.headlines.length < 20, `${once.headlines.length} rows for one repeat`);
});

test('hostile titles go in, are stored, and are never folded for having no words', () => {
  const titles = [
    '',
    '',
    '🚀',
    '🚀',
    '\u0000\u202e',
    'مرحبا بالعالم',
    '\ud800 torn \udfff',
    '__proto__ constructor',
  ];
  titles.push(
    'x'.repeat(10_000),
    'word '.repeat(20_000),
    Array.from({ length: 3000 }, (_, i) => inventedWord(i)).join(' '),
  );
  const run = new Run();
  const changes = run.at(
    20,
    ...titles.map((title, i) => headline(`t${i}`, title, i / 100, { language: 'xx' })),
  );
  assert.equal(changes.headlines.length, titles.length);
  assert.equal(new Set(changes.headlines.map(({ item }) => item)).size, titles.length);
  for (let i = 0; i < titles.length; i += 1) assert.ok(run.window.vectorOf(`t${i}`).length > 0);
  assert.deepEqual(run.at(21, headline('rocket', '🚀', 21)).born, ['rocket#2']);
});

test('a run can be cancelled between two steps, from outside, too', async () => {
  const steps = (): ReturnType<StoryWindow['advance']> =>
    new StoryWindow({}).advance(crowd(new World(1)).slice(0, 3000), START + 48 * HOUR, (id) => id);
  assert.throws(() => runSteps(steps(), AbortSignal.abort()), { name: 'AbortError' });
  const controller = new AbortController();
  const running = runStepsAsync(steps(), controller.signal);
  setImmediate(() => controller.abort(new Error('the lease is lost')));
  await assert.rejects(running, /the lease is lost/);
});

test('options out of range are refused by name', () => {
  assert.throws(() => new StoryWindow({ threshold: 0 }), /threshold 0/);
  assert.throws(() => new StoryWindow({ threshold: Number.NaN }), /threshold NaN/);
  assert.throws(() => new StoryWindow({ windowMs: -1 }), /windowMs -1/);
  assert.throws(() => new StoryWindow({ silenceHalfLifeMs: 0 }), /silenceHalfLifeMs 0/);
});
