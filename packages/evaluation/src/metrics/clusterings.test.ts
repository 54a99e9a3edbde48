import assert from 'node:assert/strict';
import test from 'node:test';
import { ari, bcubedF1, nmi, purity } from './clusterings.ts';

const near = (value: number, expected: number): void =>
  assert.ok(Math.abs(value - expected) < 1e-12, `${value} is not ${expected}`);

test('the same partition under other names is perfect', () => {
  const gold = ['a', 'a', 'b', 'c'];
  const found = ['x', 'x', 'y', 'z'];
  for (const metric of [nmi, ari, bcubedF1, purity]) near(metric(gold, found), 1);
});

test('figures worked out by hand', () => {
  // {1, 2, 3 | 4, 5, 6} told as {1, 2 | 3, 4 | 5, 6}.
  const gold = ['a', 'a', 'a', 'b', 'b', 'b'];
  const found = ['x', 'x', 'y', 'y', 'z', 'z'];
  // H(gold) = ln 2, H(found) = ln 3, mutual information = (2/3) ln 2.
  near(nmi(gold, found), ((4 / 3) * Math.LN2) / (Math.LN2 + Math.log(3)));
  // Pairs: 2 in both, 6 in gold, 3 found, 15 in all.
  near(ari(gold, found), (2 - 18 / 15) / (4.5 - 18 / 15));
  // Precision: 4 headlines of 1, 2 of 1/2; recall: 4 of 2/3, 2 of 1/3.
  const [precision, recall] = [5 / 6, 10 / 18];
  near(bcubedF1(gold, found), (2 * precision * recall) / (precision + recall));
  near(purity(gold, found), 5 / 6);
});

test('all apart: pure, but nothing was found; all in one: whole, but nothing was told apart', () => {
  const gold = ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b'];
  const apart = gold.map((_, i) => String(i));
  near(purity(gold, apart), 1);
  near(ari(gold, apart), 0);
  near(bcubedF1(gold, apart), (2 * 1 * 0.25) / 1.25);
  const one = gold.map(() => 'x');
  near(purity(gold, one), 0.5);
  near(nmi(gold, one), 0);
  near(ari(gold, one), 0);
  near(bcubedF1(gold, one), (2 * 0.5 * 1) / 1.5);
});

test('a singleton counts in B-cubed: gold ones that stand alone are worth as much as others', () => {
  const gold = ['a', 'a', 'b', 'c'];
  assert.ok(bcubedF1(gold, ['x', 'x', 'y', 'z']) > bcubedF1(gold, ['x', 'x', 'y', 'y']));
});

test('labels are names, whatever is in them', () => {
  near(nmi(['a\tb', 'a'], ['c', 'b\tc']), 1);
  near(ari(['__proto__', '__proto__', 'x'], ['1', '1', '2']), 1);
  near(ari(['a', 'b'], ['a\u0000', 'b']), 1);
  near(ari(['a'], ['b']), 1);
});

test('lists that do not fit are refused with their lengths', () => {
  for (const metric of [nmi, ari, bcubedF1, purity]) {
    assert.throws(() => metric(['a'], []), /1 gold labels, 0 found/);
    assert.throws(() => metric([], []), RangeError);
  }
});
