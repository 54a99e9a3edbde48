import assert from 'node:assert/strict';
import test from 'node:test';
import { correctionOf } from './index.ts';
import { editsBetween } from './spelling.ts';
import { drawing } from './testing/headlines.ts';

/** By the definition, without any bound. */
function distance(a: string, b: string): number {
  const known = new Map<string, number>();
  const of = (i: number, j: number): number => {
    if (i === 0 || j === 0) return i + j;
    const key = `${i},${j}`;
    const seen = known.get(key);
    if (seen !== undefined) return seen;
    const ways = [of(i - 1, j) + 1, of(i, j - 1) + 1, of(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)];
    if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) ways.push(of(i - 2, j - 2) + 1);
    known.set(key, Math.min(...ways));
    return Math.min(...ways);
  };
  return of(a.length, b.length);
}

test('the distance is that of its definition, or known to be beyond the limit', () => {
  const draw = drawing(3);
  const word = (): string => Array.from({ length: draw.below(9) }, () => draw.of(['a', 'b', 'c'])).join('');
  for (let n = 0; n < 20_000; n++) {
    const [a, b, limit] = [word(), word(), draw.below(5)];
    const [expected, found] = [distance(a, b), editsBetween(a, b, limit)];
    assert.equal(found <= limit, expected <= limit, `${a} ${b} ${limit}`);
    if (expected <= limit) assert.equal(found, expected, `${a} ${b} ${limit}`);
    assert.equal(editsBetween(b, a, limit) <= limit, found <= limit, 'either way');
  }
});

test('edits: too many, missing, other, changed places', () => {
  assert.equal(editsBetween('', '', 0), 0);
  assert.equal(editsBetween('', 'ab', 2), 2);
  assert.equal(editsBetween('ab', '', 2), 2);
  assert.equal(editsBetween('retraite', 'retraites', 1), 1);
  assert.equal(editsBetween('retriate', 'retraite', 1), 1);
  assert.equal(editsBetween('ca', 'abc', 3), 3, 'no stretch is edited twice');
  assert.ok(editsBetween('abc', 'xyz', 2) > 2);
  assert.ok(editsBetween('abc', 'abd', 0) > 0);
});

test('very long words are compared as well', () => {
  const long = 'ab'.repeat(50_000);
  assert.equal(editsBetween(long, `${long}c`, 2), 1);
  assert.equal(editsBetween(`ba${long}`, `ab${long}`, 1), 1);
  assert.ok(editsBetween(long, 'c'.repeat(100_000), 2) > 2);
});

test('the nearest is meant, of equally near ones the commonest, then by name', () => {
  const of = (...words: string[]) => words.map((word, n) => ({ word, headlines: 10 - n }));
  assert.equal(correctionOf('macrn', of('macro', 'macron', 'marne')), 'macro');
  assert.equal(correctionOf('macrn', [...of('macro'), { word: 'macron', headlines: 50 }]), 'macron');
  const equal = ['macron', 'macro'].map((word) => ({ word, headlines: 5 }));
  assert.equal(correctionOf('macrn', equal), correctionOf('macrn', equal.toReversed()));
  assert.equal(correctionOf('electoin', of('electron', 'election')), 'election', 'one edit before two');
  assert.equal(correctionOf('retrates', of('retraite')), 'retraite', 'two edits from eight letters on');
  assert.equal(correctionOf('retrate', of('retraites')), undefined, 'but one below');
  assert.equal(correctionOf('zzzz', of('macron')), undefined);
  assert.equal(correctionOf('macron', []), undefined);
});
