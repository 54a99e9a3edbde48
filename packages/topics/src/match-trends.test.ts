import assert from 'node:assert/strict';
import test from 'node:test';
import { matchTrends, traceTrends } from './index.ts';

const letters = (text: string): { members: string[] } => ({ members: [...text] });
const trend = (id: string, text: string): { id: string; members: string[] } => ({ id, ...letters(text) });

test('a trend that grows keeps its id; a new one is born', () => {
  assert.deepEqual(matchTrends([trend('A', 'abc')], [letters('xyz'), letters('abcdefgh')]), [null, 'A']);
});

test('a merge: the larger lives, the other points to it', () => {
  const { continued, mergedInto } = traceTrends([trend('A', 'ab'), trend('B', 'cdef')], [letters('abcdefg')]);
  assert.deepEqual(continued, ['B']);
  assert.deepEqual([...mergedInto], [['A', 0]]);
});

test('a split: the part that keeps most keeps the id', () => {
  const { continued, mergedInto } = traceTrends([trend('A', 'abcdef')], [letters('ab'), letters('cdef')]);
  assert.deepEqual(continued, [null, 'A']);
  assert.equal(mergedInto.size, 0);
});

test('a trend without successor sleeps: neither continued nor merged', () => {
  const { continued, mergedInto } = traceTrends([trend('A', 'abcd')], [letters('axyzuvw'), letters('')]);
  assert.deepEqual(continued, [null, null]);
  assert.equal(mergedInto.size, 0);
});

test('one to one, and the same whatever the order of the trends', () => {
  const previous = [trend('B', 'ab'), trend('A', 'ab'), trend('C', 'abab')];
  const current = [letters('ab'), letters('ba')];
  const expected = matchTrends(previous, current);
  assert.deepEqual(expected, ['A', 'B']);
  assert.deepEqual(matchTrends(previous.toReversed(), current), expected);
});

test('nothing, on either side', () => {
  assert.deepEqual(matchTrends([], []), []);
  assert.deepEqual(matchTrends([], [letters('a')]), [null]);
  assert.deepEqual(matchTrends([trend('A', '')], [letters('')]), [null]);
});
