import assert from 'node:assert/strict';
import test from 'node:test';
import { runSteps } from '@afk/text';
import type { Doc } from '../types.ts';
import { headline, HOUR, START, World } from './testing/invented.ts';
import { Shelf } from './testing/shelf.ts';
import { StoryWindow } from './story-window.ts';
import type { StoryChanges } from './types.ts';

const OPTIONS = { windowMs: 24 * HOUR };
const BATCHES = 40;

/** Batches of a radar's day: some empty, some late, some given twice, some titles told again. */
class Radar {
  readonly all = new Map<string, Doc>();
  readonly world: World;
  until = START;

  constructor(seed: number) {
    this.world = new World(seed);
  }

  next(): Doc[] {
    const { world } = this;
    if (world.below(8) > 0) this.until += world.below(5 * HOUR);
    const batch = Array.from({ length: world.below(3) === 0 ? 0 : world.below(50) }, () => this.#tell());
    const known = [...this.all.values()];
    for (let i = world.below(4); i > 0 && known.length > 0; i -= 1)
      batch.push(known[world.below(known.length)]!);
    for (const doc of batch) this.all.set(doc.id, doc);
    return batch;
  }

  #title(): string {
    const { world } = this;
    if (world.below(5) === 0) return world.tied();
    return world.title(world.below(4) === 0 ? 100 + world.below(900) : world.below(12));
  }

  #tell(): Doc {
    const { world } = this;
    const known = [...this.all.values()];
    const again = known[world.below(known.length)];
    const told = world.below(5) === 0 && again !== undefined;
    const title = told ? again.title : this.#title();
    // Late by up to 30 h: some have left the window before they come; some are of the future.
    const late = world.below(6) === 0 ? world.below(30 * HOUR) : world.below(3 * HOUR) - HOUR / 4;
    // Feeds tell full hours, often: ties.
    const publishedAt = Math.floor((this.until - late) / HOUR) * HOUR;
    return headline(`h${world.below(2 ** 31)}`, world.below(6) === 0 ? `${title}!` : title, 0, {
      publishedAt,
    });
  }
}

/** What a run tells is of stories that somebody knows: those of before, and those that are there now. */
function assertTold(changes: StoryChanges, before: ReadonlySet<string>, window: StoryWindow): void {
  const now = new Set(window.storyIds());
  for (const id of changes.gone) assert.ok(before.has(id) && !now.has(id), `${id} is gone`);
  for (const id of changes.born) assert.ok(!before.has(id) && now.has(id), `${id} is born`);
  for (const { from, into } of changes.merged) {
    assert.ok(before.has(from) && !now.has(from) && now.has(into), `${from} went into ${into}`);
    assert.ok(changes.gone.includes(from), `${from} is gone`);
  }
  for (const { id, from } of changes.split) {
    assert.ok(changes.born.includes(id), `${id} is born`);
    assert.ok(before.has(from) && from !== id, `${id} came out of ${from}`);
  }
  const seen = new Set([...before].filter((id) => !changes.gone.includes(id)).concat(changes.born));
  assert.deepEqual([...seen].sort(), [...now].sort());
}

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`a window restored before every batch goes on as the one that was kept (seed ${seed})`, () => {
    const radar = new Radar(seed);
    const kept = new StoryWindow(OPTIONS);
    const shelf = new Shelf();
    let stories = 0;
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const docs = radar.next();
      const newId = (id: string): string => `${id}@${batch}`;
      const restored = shelf.restore(radar.all, OPTIONS, (values) => radar.world.shuffled(values));
      const changes = runSteps(kept.advance(docs, radar.until, newId));
      const same = runSteps(restored.advance(radar.world.shuffled(docs), radar.until, newId));
      assert.equal(JSON.stringify(same), JSON.stringify(changes), `batch ${batch}`);
      assertTold(changes, new Set(shelf.examined.keys()), kept);
      shelf.save(kept, changes);
      assert.equal(restored.size, kept.size);
      assert.equal(JSON.stringify(restored.stories()), JSON.stringify(kept.stories()), `batch ${batch}`);
      for (const [id, row] of shelf.rows) {
        assert.deepEqual(restored.vectorOf(id), row.vector, `batch ${batch}, ${id}`);
        assert.equal(kept.storyOf(id), row.story);
      }
      assert.equal(shelf.rows.size, kept.size);
      stories = Math.max(stories, kept.storyIds(5).length);
    }
    assert.ok(stories > 5, `${stories} stories: the test has tested nothing`);
  });
}

const volcano = [
  headline('v0', 'Volcano erupts in Iceland, flights grounded', 1),
  headline('v1', 'Iceland volcano: flights grounded across Europe', 2),
  headline('v2', 'Flights resume after Iceland volcano eruption', 3),
];
const chess = [
  headline('c0', 'Chess champion loses title in Toronto', 2),
  headline('c1', 'CHESS champion loses title, in Toronto!', 3),
];

function shelved(docs: readonly Doc[]): { shelf: Shelf; docs: Map<string, Doc> } {
  const window = new StoryWindow({});
  const shelf = new Shelf();
  shelf.save(window, runSteps(window.advance(docs, START + 10 * HOUR, (id) => `story of ${id}`)));
  return { shelf, docs: new Map(docs.map((doc) => [doc.id, doc])) };
}

test('headlines that have been deleted since are left out, and their stories with the last of them', () => {
  const { shelf, docs } = shelved([...volcano, ...chess]);
  for (const id of ['v1', 'c0']) docs.delete(id);
  const window = shelf.restore(docs, {});
  assert.equal(window.size, 3);
  assert.equal(window.storyOf('v1'), undefined);
  assert.deepEqual(
    window.stories().map(({ id, members }) => [id, members]),
    [
      ['story of c0', ['c1']],
      ['story of v0', ['v0', 'v2']],
    ],
  );
  // The item that c0 began is still there for what repeats it.
  const again = headline('c2', 'Chess champion loses title in Toronto', 4);
  const { headlines } = runSteps(window.advance([again], START + 10 * HOUR, (id) => id));
  assert.deepEqual(headlines.find((row) => row.headline === 'c2')?.item, 'c0');
  docs.delete('c1');
  assert.deepEqual(shelf.restore(docs, {}).storyIds(), ['story of v0']);
  assert.equal(shelf.restore(new Map(), {}).size, 0);
});

test('of many that are equally near the same are chosen, in whatever order they were read back', () => {
  const world = new World(17);
  const tied = Array.from({ length: 65 }, (_, i) => headline(`tied${i}`, world.tied(), 2));
  const { shelf, docs } = shelved(tied.slice(0, 60));
  const advance = (window: StoryWindow): string[] => {
    const changes = runSteps(window.advance(tied.slice(60), START + 10 * HOUR, (id) => id));
    const vectors = tied.map(({ id }) => Buffer.from(window.vectorOf(id)).toString('hex'));
    return [JSON.stringify(changes), ...vectors];
  };
  const restored = advance(shelf.restore(docs, {}));
  for (let run = 0; run < 5; run += 1) {
    assert.deepEqual(advance(shelf.restore(docs, {}, (values) => world.shuffled(values))), restored);
  }
});

test('torn bytes are noticed wherever they were torn, and the headline is named', () => {
  const { shelf, docs } = shelved([...volcano, ...chess]);
  const row = shelf.rows.get('v1')!;
  for (let length = 0; length < row.vector.length; length += 1) {
    shelf.rows.set('v1', { ...row, vector: row.vector.slice(0, length) });
    const { faults } = shelf.restore(docs, {});
    assert.deepEqual([faults.length, faults[0]?.includes('v1')], [1, true], `of ${row.vector.length} bytes`);
  }
});

test('what cannot be read keeps its story and is weighed afresh: all of another release, too', () => {
  const { shelf, docs } = shelved([...volcano, ...chess]);
  const before = shelf.restore(docs, {}).stories();
  for (const [id, row] of shelf.rows) {
    const vector = row.vector.slice();
    vector[0] = 99;
    shelf.rows.set(id, { ...row, vector });
  }
  const window = shelf.restore(docs, {});
  assert.equal(window.faults.length, new Set([...shelf.rows.values()].map(({ item }) => item)).size);
  assert.match(window.faults[0]!, /format 99/);
  const changes = runSteps(window.advance([], START + 10 * HOUR, (id) => `new ${id}`));
  assert.deepEqual([changes.born, changes.gone, changes.merged], [[], [], []]);
  assert.equal(changes.headlines.length, docs.size, 'all are written anew');
  const members = (stories: typeof before): unknown => stories.map((story) => [story.id, story.members]);
  assert.deepEqual(members(window.stories()), members(before));
  shelf.save(window, changes);
  assert.deepEqual(shelf.restore(docs, {}).faults, []);
});

test('hostile titles come back as they went', () => {
  const titles = [
    '',
    '🚀',
    '\ud800 torn',
    'مرحبا بالعالم',
    '__proto__',
    'x'.repeat(10_000),
    'Œuf à l’Élysée',
  ];
  // More often, and more words, than two bytes count.
  titles.push(`${'word '.repeat(40_000)} north`);
  const { shelf, docs } = shelved(titles.map((title, i) => headline(`t${i}`, title, i / 10)));
  const kept = new StoryWindow({});
  const batch = [...docs.values()];
  runSteps(kept.advance(batch, START + 10 * HOUR, (id) => `story of ${id}`));
  const restored = shelf.restore(docs, {});
  // Twice as many: all are weighed afresh, from the terms as they were stored.
  const more = Array.from({ length: 10 }, (_, i) =>
    headline(`more${i}`, `word of number ${i} in the north`, 1 + i),
  );
  for (const window of [kept, restored]) runSteps(window.advance(more, START + 20 * HOUR, (id) => id));
  for (const { id } of [...batch, ...more]) assert.deepEqual(restored.vectorOf(id), kept.vectorOf(id), id);
});

test('a restore can be cancelled', () => {
  const { shelf, docs } = shelved(
    Array.from({ length: 600 }, (_, i) => headline(`h${i}`, new World(i).title(i), 1)),
  );
  const stored = { headlines: shelf.rows.values(), examined: [], weighedAt: shelf.weighedAt };
  const steps = StoryWindow.restore(stored, docs.values(), {});
  assert.throws(() => runSteps(steps, AbortSignal.abort(new Error('no more'))), /no more/);
});

test('a headline that was deleted and comes back joins the item that it once began, in either window', () => {
  // Told again every ten hours: one item, begun by the first, which is deleted and imported again.
  const told = [0, 10, 20].map((hour) => headline(`c${hour}`, 'Chess champion loses title in Toronto', hour));
  const { shelf, docs } = shelved(told);
  const first = docs.get('c0')!;
  docs.delete('c0');
  shelf.rows.delete('c0');
  const [kept, restored] = [shelf.restore(docs, {}), shelf.restore(docs, {})];
  const changes = [kept, restored].map((window) =>
    runSteps(window.advance([first], START + 21 * HOUR, (id) => id)),
  );
  assert.deepEqual(changes[0], changes[1]);
  shelf.save(kept, changes[0]!);
  const later = START + 73 * HOUR;
  const left = [kept, shelf.restore(docs.set('c0', first), {})].map((window) =>
    runSteps(window.advance([], later, (id) => id)),
  );
  assert.deepEqual(left[0], left[1]);
  assert.deepEqual(left[0]!.expired, ['c0']);
  assert.throws(() => runSteps(kept.advance([], Number.NaN, (id) => id)), /until NaN/);
});
