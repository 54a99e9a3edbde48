import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bars, condense, niceTop, sparkBars } from './sparkline.ts';

test('small bars fill their box, but not for a lone headline', () => {
  const heights = (counts: number[]) => sparkBars(counts, 100, 20, 96).map((b) => b.height);
  assert.deepEqual(heights([0, 5, 10]), [0, 10, 20]);
  assert.deepEqual(heights([0, 1]), [0, 5]);
  assert.deepEqual(heights([]), []);
});

test('condensing adds neighbours, loses nothing, and keeps the newest group whole', () => {
  assert.deepEqual(condense([1, 2, 3, 4, 5], 3), [1, 5, 9]);
  assert.deepEqual(condense([1, 2], 10), [1, 2]);
  assert.deepEqual(condense([], 4), []);
  const counts = Array.from({ length: 337 }, (_, i) => i % 7);
  const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
  assert.ok(condense(counts, 96).length <= 96);
  assert.equal(sum(condense(counts, 96)), sum(counts));
});

test('the top of an axis holds every count and halves evenly', () => {
  for (let most = 0; most < 5000; most++) {
    const top = niceTop(most);
    assert.ok(top >= most && top % 2 === 0 && top <= Math.max(2, most * 1.6), `${most} -> ${top}`);
  }
});

test('bars fill the box', () => {
  assert.deepEqual(bars([0, 2], 10, 8, 2, 0.2), [
    { x: 0.5, y: 8, width: 4, height: 0 },
    { x: 5.5, y: 0, width: 4, height: 8 },
  ]);
});
