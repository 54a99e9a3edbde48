import assert from 'node:assert/strict';
import test from 'node:test';
import { bm25Search } from './bm25.ts';

const search = bm25Search([['wing', 'flow', 'wing'], ['flow'], ['heat', 'slab', 'flow'], []]);

test('rarer terms, more of them, and shorter documents come first', () => {
  assert.deepEqual(search(['heat'], 10), [2]);
  assert.deepEqual(search(['flow'], 10), [1, 0, 2]);
  assert.deepEqual(search(['wing', 'flow'], 10), [0, 1, 2]);
  assert.deepEqual(search(['flow'], 2), [1, 0]);
});

test('terms that nothing has find nothing', () => {
  assert.deepEqual(search(['moon'], 10), []);
  assert.deepEqual(search([], 10), []);
  assert.deepEqual(bm25Search([])(['wing'], 10), []);
});

test('scores follow the formula: two of one term against one of a rarer one', () => {
  // N = 3, mean length 2; "a": df 2, idf ln 1.6; "b": df 1, idf ln(8/3). k1 .9, b .4.
  const [twice, once] = [
    ['a', 'a'],
    ['b', 'a'],
  ];
  const of = bm25Search([twice, once, ['c', 'c']]);
  const part = (idf: number, tf: number): number => (idf * tf) / (tf + 0.9);
  const scores = [part(Math.log(1.6), 2), part(Math.log(1.6), 1) + part(Math.log(8 / 3), 1)];
  assert.ok(scores[1]! > scores[0]!);
  assert.deepEqual(of(['a', 'b'], 10), [1, 0]);
  // Asked for thrice, "a" outweighs "b".
  const thrice = [3 * part(Math.log(1.6), 2), 3 * part(Math.log(1.6), 1) + part(Math.log(8 / 3), 1)];
  assert.equal(thrice[0]! > thrice[1]!, of(['a', 'a', 'a', 'b'], 10)[0] === 0);
});
