import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { coherence, countWindows, diversity, npmi } from './coherence.ts';

const near = (actual: number | null, expected: number): void =>
  assert.ok(actual !== null && Math.abs(actual - expected) < 1e-9, `${actual}, expected ${expected}`);

// Windows of 3: [a b c] [b c d]; [a b]; [c].
const texts = [['a', 'b', 'c', 'd'], ['a', 'b'], ['c']];

describe('windows', () => {
  const counts = countWindows(texts, ['a', 'b', 'c', 'd'], 3);
  test('slide by one word; a short text is one', () => {
    assert.equal(counts.windows, 4);
    assert.deepEqual([...counts.single], [2, 3, 3, 1]);
  });
  test('give NPMI as reckoned by hand', () => {
    // P(a,b) = 2/4, P(a) = 2/4, P(b) = 3/4: ln(4/3) / ln 2.
    near(npmi(counts, 'a', 'b'), Math.log(4 / 3) / Math.log(2));
    near(npmi(counts, 'b', 'a'), Math.log(4 / 3) / Math.log(2));
    // P(b,c) = 2/4, P(b) = P(c) = 3/4: ln(8/9) / ln 2.
    near(npmi(counts, 'b', 'c'), Math.log(8 / 9) / Math.log(2));
    // Never together: ln(1e-12 / (1/2 1/4)) / -ln 1e-12, as gensim has it.
    near(npmi(counts, 'a', 'd'), Math.log(1e-12 * 8) / -Math.log(1e-12));
  });
  test('gensim’s quirk: a word that falls out is gone, even where it still stands inside', () => {
    // [x x y] [x y z]: in the second one x is taken as gone.
    const quirk = countWindows([['x', 'x', 'y', 'z']], ['x', 'y', 'z'], 3);
    assert.deepEqual([...quirk.single], [1, 2, 1]);
    near(npmi(quirk, 'x', 'z'), Math.log(1e-12 * 4) / -Math.log(1e-12));
  });
  test('a repeated word that slides in again is there again', () => {
    assert.deepEqual([...countWindows([['x', 'y', 'z', 'x']], ['x'], 3).single], [2]);
  });
  test('an empty text is a window without words', () => {
    const counts = countWindows([[], ['a']], ['a'], 3);
    assert.deepEqual([counts.windows, counts.single[0]], [2, 1]);
  });
});

describe('coherence', () => {
  const counts = countWindows(texts, ['a', 'b', 'c', 'd', 'missing'], 3);
  test('is the mean over topics of the mean over pairs', () => {
    const ab = Math.log(4 / 3) / Math.log(2);
    const bc = Math.log(8 / 9) / Math.log(2);
    const ac = Math.log(1 / 4 / (6 / 16)) / Math.log(4);
    near(coherence(counts, [['a', 'b', 'c']]), (ab + bc + ac) / 3);
    near(
      coherence(counts, [
        ['a', 'b'],
        ['b', 'c'],
      ]),
      (ab + bc) / 2,
    );
  });
  test('a word that the reference lacks counts nothing, a word not asked for is an error', () => {
    assert.equal(npmi(counts, 'a', 'missing'), null);
    assert.equal(coherence(counts, [['a', 'missing']]), 0);
    assert.throws(() => coherence(counts, [['a', 'else']]), /"else"/);
  });
  test('of nothing is 0', () =>
    assert.deepEqual([coherence(counts, []), coherence(counts, [['a']])], [0, 0]));
  test('a window without width is refused', () =>
    assert.throws(() => countWindows(texts, ['a'], 0), /window 0/));
});

describe('diversity', () => {
  test('is the share of distinct words', () => {
    assert.equal(
      diversity([
        ['a', 'b'],
        ['b', 'c'],
      ]),
      3 / 4,
    );
    assert.equal(diversity([]), 0);
  });
});
