import assert from 'node:assert/strict';
import { test } from 'node:test';
import { below, seeded } from '../test/random.ts';
import { EntryLists } from './entry-lists.ts';

type Entries = [key: number, value: number][];

function contents(lists: EntryLists, list: number): Entries {
  const length = lists.length(list);
  if (length === 0) return [];
  const [keys, values, start] = [lists.keys(list), lists.values(list), lists.start(list)];
  return Array.from({ length }, (_, i) => [keys[start + i] as number, values[start + i] as number]);
}

test('lists keep their entries while others grow, shrink and go', () => {
  const random = seeded(3);
  const lists = new EntryLists();
  const model: Entries[] = Array.from({ length: 60 }, () => []);
  for (let turn = 0; turn < 40_000; turn++) {
    // Some lists grow long and most stay short.
    const list = Math.floor(60 ** random()) - 1;
    const wanted = model[list] as Entries;
    const kind = random();
    if (kind < 0.6) {
      const position = below(random, wanted.length + 1);
      wanted.splice(position, 0, [turn, turn % 100]);
      lists.insert(list, position, turn, turn % 100);
    } else if (kind < 0.97 && wanted.length > 0) {
      const position = below(random, wanted.length);
      wanted.splice(position, 1);
      lists.remove(list, position);
    } else if (kind < 0.99) {
      const entries = Array.from({ length: below(random, 40) }, (_, i): [number, number] => [i, turn % 7]);
      model[list] = entries;
      lists.set(
        list,
        Uint32Array.from(entries, ([key]) => key),
        Float32Array.from(entries, ([, value]) => value),
      );
    } else if (list > 0) {
      model[list] = [];
      lists.clear(list);
    }
    if (turn % 2000 === 0) model.forEach((entries, one) => assert.deepEqual(contents(lists, one), entries));
  }
  model.forEach((entries, one) => assert.deepEqual(contents(lists, one), entries));
});

test('a list may outgrow the pages that short ones share, and go', () => {
  const lists = new EntryLists();
  const wanted: [Entries, Entries] = [[], []];
  for (let key = 0; key < 100_000; key++) {
    const list = key % 2;
    wanted[list]?.push([key, key % 10]);
    lists.insert(list, lists.length(list), key, key % 10);
  }
  assert.deepEqual(contents(lists, 0), wanted[0]);
  assert.deepEqual(contents(lists, 1), wanted[1]);
  assert.equal(lists.find(1, 50_000), 25_000);
  lists.add(1, 50_000, 3);
  wanted[1].splice(25_000, 0, [50_000, 3]);
  lists.clear(0);
  assert.deepEqual(contents(lists, 0), []);
  lists.insert(0, 0, 5, 1);
  assert.deepEqual(contents(lists, 0), [[5, 1]]);
  assert.deepEqual(contents(lists, 1), wanted[1]);
});
