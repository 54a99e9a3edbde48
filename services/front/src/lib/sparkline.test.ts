import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bars, condense, niceTop, sparkline, ticks } from './sparkline.ts';

test('the line stays in its box, highest where the count is', () => {
  const { line, area, end } = sparkline([0, 5, 10], 100, 20, 2);
  assert.equal(line, 'M0 18L50 10L100 2');
  assert.equal(area, 'M0 18L50 10L100 2L100 20L0 20Z');
  assert.deepEqual(end, [100, 2]);
});

test('no counts, one count, nothing but zeros', () => {
  assert.equal(sparkline([], 100, 20).line, '');
  assert.equal(sparkline([3], 100, 20).line, 'M0 2');
  assert.equal(sparkline([0, 0], 100, 20).line, 'M0 18L100 18');
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

test('ticks begin at the start and keep their distance', () => {
  assert.deepEqual(ticks(48, 4), [0, 12, 24, 36]);
  assert.deepEqual(ticks(3, 4), [0, 1, 2]);
});
