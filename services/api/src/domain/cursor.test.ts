import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cursorOf, placeOf } from './cursor.ts';

const place = { offset: 20, clock: new Date('2026-01-31T10:00:00.123Z') };

test('a place comes back as it went, for its question alone', () => {
  const cursor = cursorOf(place, 'rain');
  assert.match(cursor, /^[\w-]+$/);
  assert.deepEqual(placeOf(cursor, 'rain'), place);
  assert.equal(placeOf(cursor, 'snow'), undefined);
});

test('a letter that is changed, added or left out is noticed wherever it is', () => {
  const cursor = cursorOf(place, 'rain');
  for (let i = 0; i < cursor.length; i++) {
    for (const letter of ['A', '7', '_', '', '.', '\0', 'é']) {
      const changed = cursor.slice(0, i) + letter + cursor.slice(i + 1);
      if (changed !== cursor) assert.equal(placeOf(changed, 'rain'), undefined, changed);
    }
  }
  assert.equal(placeOf(`${cursor}A`, 'rain'), undefined);
});

test('no place lies before the second hit or beyond the last', () => {
  for (const offset of [0, 200, 999, -1, 1.5]) {
    assert.equal(placeOf(cursorOf({ ...place, offset }, 'rain'), 'rain'), undefined, String(offset));
  }
});
