import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PreviousTrend, StoryOfWindow, TrendRow } from '@afk/database';
import { tellTrends, type Tale } from './tell-trends.ts';

const current = (id: string, headlines: number, status = 'peaking'): TrendRow =>
  ({ id, headlines, status }) as TrendRow;
const before = (id: string, headlines = 3, more: Partial<PreviousTrend> = {}): PreviousTrend => ({
  id,
  firstSeen: new Date(0),
  bornBatch: 'b0',
  status: 'peaking',
  headlines,
  ...more,
});
const from = (id: string, splitFrom: string): StoryOfWindow => ({
  id,
  splitFrom,
  central: 'h',
  keywords: [],
  members: [],
});

function tell(more: Partial<Tale>): string[] {
  const tale = { batchId: 'b1', trends: [], merged: [], stories: [], previous: [], told: new Map() };
  return tellTrends({ ...tale, ...more }).map(
    ({ trend, kind, other, headlines }) => `${trend} ${kind} ${other ?? '-'} ${headlines}`,
  );
}

test('a birth is told, once', () => {
  assert.deepEqual(tell({ trends: [current('a', 3)] }), ['a born - 3']);
  const again = tell({ trends: [current('a', 3)], previous: [before('a', 3, { bornBatch: 'b1' })] });
  assert.deepEqual(again, ['a born - 3'], 'of the same batch, word for word: the table keeps one');
  assert.deepEqual(tell({ trends: [current('a', 3)], previous: [before('a')] }), []);
});

test('growth is told from half as much again as was told last', () => {
  const told = new Map([['a', 8]]);
  assert.deepEqual(tell({ trends: [current('a', 11)], previous: [before('a', 10)], told }), []);
  assert.deepEqual(tell({ trends: [current('a', 12)], previous: [before('a', 11)], told }), ['a grown - 12']);
  const shrunk = { trends: [current('a', 5)], previous: [before('a', 4)], told };
  assert.deepEqual(tell(shrunk), [], 'not on the way back up');
});

test('a split is told from both sides, where the origin was a trend; else it is a birth', () => {
  const stories = [from('part', 'whole')];
  const trends = [current('part', 3), current('whole', 9)];
  assert.deepEqual(
    tell({ stories, trends, previous: [before('whole', 12)], told: new Map([['whole', 12]]) }),
    ['part split_from whole 3', 'whole split part 9'],
  );
  assert.deepEqual(tell({ stories, trends: [current('part', 3)] }), ['part born - 3']);
});

test('a merger is told from both sides, and no sleep of what went into another', () => {
  const previous = [before('small', 3), before('large', 20)];
  const tale = { trends: [current('large', 23)], previous, merged: [{ from: 'small', into: 'large' }] };
  assert.deepEqual(tell(tale), ['small merged large 3', 'large absorbed small 23']);
});

test('sleep and revival: by status, and of what has left the window', () => {
  const asleep = (id: string) => before(id, 3, { status: 'dormant' });
  assert.deepEqual(tell({ trends: [current('a', 3, 'dormant')], previous: [before('a')] }), ['a slept - 3']);
  assert.deepEqual(tell({ previous: [before('a')] }), ['a slept - 0']);
  assert.deepEqual(tell({ trends: [current('a', 4)], previous: [asleep('a')] }), ['a revived - 4']);
  assert.deepEqual(tell({ trends: [current('a', 3, 'dormant')], previous: [asleep('a')] }), []);
  assert.deepEqual(tell({ previous: [asleep('a')] }), []);
});
