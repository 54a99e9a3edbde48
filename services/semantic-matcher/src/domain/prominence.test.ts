import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byProminence } from './prominence.ts';

const hit = (id: string, score: number) => ({ id, score });
const ids = (hits: readonly { id: string }[]): string => hits.map((h) => h.id).join('');

test('of hits that fit about as well, the story that more publishers tell comes first', () => {
  const hits = [hit('a', 5), hit('b', 4.9), hit('c', 1)];
  const breadth = new Map([
    ['b', 8],
    ['c', 8],
  ]);
  assert.equal(ids(byProminence(hits, breadth)), 'bac', 'and one that fits badly stays behind');
});

test('what stands alone keeps its score; equal scores come in order of id', () => {
  assert.deepEqual(byProminence([hit('b', 2), hit('a', 2), hit('c', 3)], new Map([['a', 1]])), [
    hit('c', 3),
    hit('a', 2),
    hit('b', 2),
  ]);
  assert.deepEqual(byProminence([], new Map()), []);
});
