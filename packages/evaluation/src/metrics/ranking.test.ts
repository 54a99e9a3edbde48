import assert from 'node:assert/strict';
import test from 'node:test';
import { mean, ndcg, recall } from './ranking.ts';

const near = (value: number, expected: number): void =>
  assert.ok(Math.abs(value - expected) < 1e-12, `${value} is not ${expected}`);

const grades = new Map([
  ['a', 1],
  ['b', 3],
  ['c', 1],
]);

test('nDCG worked out by hand: linear gains, log2(rank + 1)', () => {
  const ideal = 3 + 1 / Math.log2(3) + 1 / 2;
  near(ndcg(['x', 'b', 'a'], grades, 10), (3 / Math.log2(3) + 1 / 2) / ideal);
  near(ndcg(['b', 'a', 'c'], grades, 10), 1);
  near(ndcg(['b', 'c', 'a', 'x'], grades, 10), 1);
  near(ndcg([], grades, 10), 0);
});

test('nDCG looks no further than its depth, in the list as in the ideal', () => {
  near(ndcg(['b', 'x', 'x', 'a', 'c'], grades, 1), 1);
  near(ndcg(['x', 'b'], grades, 1), 0);
  near(ndcg(['a'], grades, 1), 1 / 3);
});

test('recall counts relevant documents, whatever their grade', () => {
  near(recall(['a', 'x', 'b', 'c'], grades, 3), 2 / 3);
  near(recall(['a', 'x', 'b', 'c'], grades, 100), 1);
  near(recall([], grades, 100), 0);
});

test('a query without relevant documents scores 0; a mean of nothing is none', () => {
  near(ndcg(['a'], new Map(), 10), 0);
  near(recall(['a'], new Map(), 10), 0);
  near(mean([1, 2]), 1.5);
  assert.throws(() => mean([]), RangeError);
});
