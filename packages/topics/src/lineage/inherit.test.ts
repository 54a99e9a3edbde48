import assert from 'node:assert/strict';
import test from 'node:test';
import { World } from '../stories/testing/invented.ts';
import { inherit } from './inherit.ts';
import type { Ancestor } from './inherit.ts';

/** `{ a: { 0: 5 } }`: five headlines of story a are in group 0. Sizes count new headlines, too. */
function of(shares: Record<string, Record<number, number>>, sizes: number[]) {
  const ancestors = Object.entries(shares).map(([id, parts]): Ancestor => {
    return { id, parts: new Map(Object.entries(parts).map(([group, n]) => [Number(group), n])) };
  });
  const { ids, merged, split } = inherit(ancestors, sizes);
  return { ids, merged: Object.fromEntries(merged), split: Object.fromEntries(split) };
}

test('without stories before, every group is new', () => {
  assert.deepEqual(of({}, [3, 1]), { ids: [undefined, undefined], merged: {}, split: {} });
  assert.deepEqual(of({}, []), { ids: [], merged: {}, split: {} });
});

test('a story that grows keeps its id, however much comes to it', () => {
  assert.deepEqual(of({ a: { 0: 2 } }, [50]), { ids: ['a'], merged: {}, split: {} });
});

test('of a merge the larger id lives', () => {
  assert.deepEqual(of({ a: { 0: 2 }, b: { 0: 5 }, c: { 0: 1 } }, [9]), {
    ids: ['b'],
    merged: { a: 0, c: 0 },
    split: {},
  });
});

test('of a split the larger part keeps the id, and the others say where they came from', () => {
  assert.deepEqual(of({ a: { 0: 3, 1: 5, 2: 2 } }, [3, 5, 2]), {
    ids: [undefined, 'a', undefined],
    merged: {},
    split: { 0: 'a', 2: 'a' },
  });
});

test('a group that is mostly new is a birth, not a split', () => {
  assert.deepEqual(of({ a: { 0: 5, 1: 2 } }, [5, 4]).split, {});
  assert.deepEqual(of({ a: { 0: 5, 1: 2 } }, [5, 3]).split, { 1: 'a' });
});

test('ties go to the older story, then to the earlier group', () => {
  assert.deepEqual(of({ older: { 0: 2 }, younger: { 0: 2 } }, [4]).ids, ['older']);
  assert.deepEqual(of({ a: { 1: 2, 0: 2 } }, [2, 2]).ids, ['a', undefined]);
});

test('stories that exchange headlines both live', () => {
  assert.deepEqual(of({ a: { 0: 5, 1: 1 }, b: { 0: 2, 1: 4 } }, [7, 5]), {
    ids: ['a', 'b'],
    merged: {},
    split: {},
  });
});

test('who loses the larger part to another goes on with the next that is free', () => {
  assert.deepEqual(of({ a: { 0: 9 }, b: { 0: 5, 1: 4 } }, [14, 4]), {
    ids: ['a', 'b'],
    merged: {},
    split: {},
  });
});

test('in whatever is drawn: no id twice, none invented, and every story before lives or has merged', () => {
  const world = new World(8);
  for (let run = 0; run < 300; run += 1) {
    const groups = 1 + world.below(6);
    const sizes = Array.from({ length: groups }, () => world.below(4));
    const ancestors = Array.from({ length: world.below(6) }, (_, i): Ancestor => {
      const parts = new Map<number, number>();
      for (let n = 1 + world.below(3); n > 0; n -= 1) parts.set(world.below(groups), 1 + world.below(5));
      for (const [group, n] of parts) sizes[group]! += n;
      return { id: `s${i}`, parts };
    });
    const { ids, merged, split } = inherit(ancestors, sizes);
    const living = ids.filter((id) => id !== undefined);
    assert.equal(new Set(living).size, living.length);
    assert.deepEqual([...living, ...merged.keys()].sort(), ancestors.map(({ id }) => id).sort());
    for (const [id, group] of merged) assert.ok(ids[group] !== undefined && ids[group] !== id);
    for (const [group, from] of split) assert.ok(ids[group] === undefined && living.includes(from));
  }
});
