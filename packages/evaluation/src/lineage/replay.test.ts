import assert from 'node:assert/strict';
import test from 'node:test';
import type { GoldHeadline } from '../data/headlines.ts';
import { Continuity } from './continuity.ts';
import { HOUR, hours, incremental, regrouped, replay } from './replay.ts';

const gold = (story: string, id: string, minutes: number, title = id): GoldHeadline => ({
  gold: story,
  doc: { id, title, language: 'en', publisher: '', publishedAt: minutes * 60_000 },
});

/** Sees hours in which headlines a1, a2, … have the given ids; their gold story is their first letter. */
function follow(...seen: [storyOf: Record<string, string>, merged?: Record<string, string>][]) {
  const ids = [...new Set(seen.flatMap(([storyOf]) => Object.keys(storyOf)))];
  const continuity = new Continuity(ids.map((id) => gold(id[0]!, id, 0)));
  for (const [storyOf, merged = {}] of seen) {
    const mergers = Object.entries(merged).map(([from, into]) => ({ from, into }));
    continuity.see({ storyOf: new Map(Object.entries(storyOf)), merged: mergers });
  }
  return continuity;
}

test('an id that most headlines of a story keep is continuous', () => {
  const run = follow(
    [{ a1: 'x', a2: 'x' }],
    [{ a1: 'x', a2: 'x', a3: 'y' }],
    [{ a1: 'x', a2: 'y', a3: 'y' }],
  );
  assert.deepEqual(run.figures(), { continuity: 1 / 2, continuity_growing: 1 });
});

test('a recorded merge is followed, over several hours and steps; one that leads elsewhere is not', () => {
  assert.equal(follow([{ a1: 'x' }], [{ a1: 'y' }, { x: 'y' }]).figures().continuity, 1);
  assert.equal(follow([{ a1: 'x' }], [{ a1: 'z' }, { x: 'y', y: 'z' }]).figures().continuity, 1);
  assert.equal(follow([{ a1: 'x' }], [{ a1: 'z' }, { x: 'y' }]).figures().continuity, 0);
  assert.equal(follow([{ a1: 'x' }], [{ a1: 'y' }]).figures().continuity, 0);
});

test('only hours in which a story has headlines in the window, and the hour before too, count', () => {
  const run = follow(
    [{ a1: 'x', b1: 'u' }],
    [{ b1: 'u' }],
    [{ a2: 'other', b1: 'u' }],
    [{ a2: 'other', b1: 'u' }],
  );
  // b: three pairs; a: one.
  assert.deepEqual(run.figures(), { continuity: 1 });
  assert.throws(() => follow([{ a1: 'x' }], [{}]).figures(), /two consecutive hours/);
});

test('an id stays with a headline that has left, through merges since', () => {
  const run = follow([{ a1: 'x', b1: 'u' }], [{ b1: 'y' }, { x: 'y', u: 'y' }]);
  assert.deepEqual([run.idOf('a1'), run.idOf('b1')], ['y', 'y']);
  assert.notEqual(run.idOf('c1'), run.idOf('c2'));
});

test('hours end at full hours, inclusive, and none is skipped', () => {
  const docs = [gold('a', 'late', 181), gold('a', 'full', 60), gold('a', 'first', 30)].map(({ doc }) => doc);
  assert.deepEqual(
    [...hours(docs)].map(([batch, until]) => [until / HOUR, batch.map(({ id }) => id)]),
    [
      [1, ['first', 'full']],
      [2, []],
      [3, []],
      [4, ['late']],
    ],
  );
});

const day: GoldHeadline[] = [
  ['Volcano erupts in Iceland, flights grounded', 'Parliament votes on the pension reform'],
  ['Iceland volcano: flights grounded across Europe', 'Pension reform: parliament votes tonight'],
  ['Iceland volcano eruption grounds more flights', 'Pension reform passes in parliament vote'],
].flatMap(([volcano, pensions], i) => [
  gold('volcano', `v${i}`, 10 + 60 * i, volcano),
  gold('pensions', `p${i}`, 20 + 60 * i, pensions),
]);

test('both methods follow two plain stories through a day without a fault', () => {
  for (const method of [incremental(), regrouped()]) {
    const { seconds: _, ...figures } = replay(day, method, 1);
    assert.deepEqual(figures, {
      continuity: 1,
      continuity_growing: 1,
      purity: 1,
      nmi_incremental: 1,
      nmi_batch: 1,
    });
  }
});

test('a method that names stories anew every hour is found out', () => {
  const forgetful = (batch: readonly { id: string }[], until: number) => {
    for (const { id } of batch) seen.push(id);
    return { storyOf: new Map(seen.map((id) => [id, `${id[0]}-${until}`])), merged: [] };
  };
  const seen: string[] = [];
  const { continuity, purity } = replay(day, forgetful, 1);
  assert.deepEqual([continuity, purity], [0, 1]);
});
