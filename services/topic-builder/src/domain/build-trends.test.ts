import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PreviousTrend, StoryOfWindow, TrendRow, WindowHeadline } from '@afk/database';
import { bucketsOf } from './buckets.ts';
import { buildTrends, type TrendInput } from './build-trends.ts';

const HOUR = 3_600_000;
const asOf = new Date('2026-01-31T10:00:00Z');
const hours = (n: number): Date => new Date(asOf.getTime() + n * HOUR);

/** Headline "3" was published three hours ago, in English, by one of two. */
const headline = (n: number, more: Partial<WindowHeadline> = {}): WindowHeadline => ({
  id: String(n),
  title: `Headline ${n}`,
  language: 'en',
  publisher: `P${n % 2}`,
  publishedAt: hours(-n),
  demo: false,
  ...more,
});
const story = (id: string, ...members: number[]): StoryOfWindow => ({
  id,
  central: String(members[0]),
  keywords: ['word'],
  splitFrom: null,
  members: members.map(String),
});
const before = (id: string, more: Partial<PreviousTrend> = {}): PreviousTrend => ({
  id,
  firstSeen: hours(-20),
  bornBatch: 'b0',
  status: 'fading',
  headlines: 3,
  ...more,
});

function build(stories: StoryOfWindow[], more: Partial<TrendInput> = {}, headlines: WindowHeadline[] = []) {
  const from = hours(-24);
  const given = new Map(Array.from({ length: 24 }, (_, n) => [String(n), headline(n)]));
  for (const h of headlines) given.set(h.id, h);
  const input = { batchId: 'b1', asOf, from, buckets: bucketsOf(from, asOf, 3 * HOUR), previous: [] };
  return buildTrends({ ...input, headlines: given, stories, mergers: [], ...more });
}
/** What a later batch finds of these trends. */
const asPrevious = (trends: readonly TrendRow[], bornBatch: string): PreviousTrend[] =>
  trends.map(({ id, firstSeen, status, headlines }) => ({ id, firstSeen, status, headlines, bornBatch }));

test('a story is born as a trend with its id, with figures of its headlines', () => {
  const french = headline(4, { language: 'fr', publisher: 'P9' });
  const { trends, merged, born } = build([story('s', 2, 5, 4, 6)], {}, [french]);
  assert.deepEqual([trends.length, merged, born], [1, [], 1]);
  const { score, velocity, acceleration, z, burst, status, sparkline, points, ...rest } = trends[0]!;
  assert.deepEqual(rest, {
    id: 's',
    label: 'Headline 2',
    central: '2',
    keywords: ['word'],
    languages: ['en', 'fr'],
    headlines: 4,
    publishers: 3,
    firstSeen: hours(-6),
    lastSeen: hours(-2),
    demo: false,
    members: ['2', '5', '4', '6'],
  });
  assert.ok(score > 0 && [velocity, acceleration, z, burst.weight].every(Number.isFinite));
  assert.equal(status, 'emerging');
  assert.deepEqual(sparkline, [0, 0, 0, 0, 0, 0, 2, 2, 0], '09:00 the day before to 09:00');
  assert.deepEqual(
    points.map((p) => p.count),
    sparkline,
  );
  assert.deepEqual([points[6]!.at, points[6]!.minutes], [new Date('2026-01-31T03:00:00Z'), 180]);
});

test('the bucket that the window holds a part of is marked so', () => {
  const partial = build([story('s', 1, 2, 3)]).trends[0]!.points.map((p) => p.partial);
  assert.deepEqual(partial, [true, ...Array.from({ length: 8 }, () => false)]);
});

test('the same batch again, on top of what it saved: the same trends, as many born', () => {
  const stories = [story('old', 1, 2, 3), story('new', 4, 5, 6)];
  const once = build(stories, { previous: [before('old')] });
  assert.equal(once.born, 1);
  const saved = [...asPrevious(once.trends.slice(0, 1), 'b0'), ...asPrevious(once.trends.slice(1), 'b1')];
  assert.deepEqual(build(stories, { previous: saved }), once);
});

test('a trend keeps the day it was first seen, though those headlines have left the window', () => {
  const previous = [before('old', { firstSeen: hours(-60) })];
  const { trends, born } = build([story('old', 1, 2, 3, 4)], { previous });
  assert.deepEqual([trends[0]!.firstSeen, born], [hours(-60), 0]);
  assert.deepEqual(trends[0]!.lastSeen, hours(-1));
});

test('an older headline that was found late moves the beginning back', () => {
  const previous = [before('old', { firstSeen: hours(-3) })];
  const { trends } = build([story('old', 1, 2, 3, 9)], { previous });
  assert.deepEqual(trends[0]!.firstSeen, hours(-9));
});

test('of trends that became one, the others point to the one that lives on, over however many runs', () => {
  const previous = [before('a', { firstSeen: hours(-50) }), before('b'), before('c')];
  const mergers = [
    { from: 'a', into: 'b' },
    { from: 'b', into: 'c' },
    { from: 'never a trend', into: 'c' },
    { from: 'gone', into: 'gone too' },
  ];
  const { trends, merged, born } = build([story('c', 1, 2, 3, 4, 5, 6, 7)], { previous, mergers });
  assert.deepEqual([trends.map((t) => t.id), born], [['c'], 0]);
  assert.deepEqual(merged, [
    { from: 'a', into: 'c' },
    { from: 'b', into: 'c' },
  ]);
  assert.deepEqual(trends[0]!.firstSeen, hours(-20), 'its own, not that of the one it took in');
});

test('a trend is of the demo where all of its headlines are', () => {
  const demo = [1, 2, 3].map((n) => headline(n, { demo: true }));
  const { trends } = build([story('a', 1, 2, 3), story('b', 4, 5, 6)], {}, demo);
  assert.deepEqual(
    trends.map((t) => t.demo),
    [true, false],
  );
  assert.equal(build([story('a', 1, 2, 3, 4)], {}, demo).trends[0]!.demo, false);
});

test('a central headline that has gone since leaves its place to the newest', () => {
  const { trends } = build([{ ...story('a', 3, 2, 1), central: '99' }]);
  assert.equal(trends[0]!.label, 'Headline 1');
});

test('no stories, no trends', () => {
  assert.deepEqual(build([]), { trends: [], merged: [], born: 0 });
});
