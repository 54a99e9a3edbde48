import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PreviousTrend, TopicRow, TrendRow, WindowHeadline } from '@afk/database';
import { bucketsOf } from './buckets.ts';
import { buildTrends, type TrendInput } from './build-trends.ts';

const HOUR = 3_600_000;
const asOf = new Date('2026-01-31T10:00:00Z');
const hours = (n: number): Date => new Date(asOf.getTime() + n * HOUR);

/** Headline "3" was published three hours ago, in English, by one of two. */
const headline = (n: number, more: Partial<WindowHeadline> = {}): WindowHeadline => ({
  id: String(n),
  title: `Headline ${n}`,
  summary: '',
  language: 'en',
  publisher: `P${n % 2}`,
  publishedAt: hours(-n),
  demo: false,
  ...more,
});
const topic = (...members: number[]): TopicRow => ({
  central: String(members[0]),
  keywords: ['word'],
  members: members.map(String),
});

function build(topics: TopicRow[], more: Partial<TrendInput> = {}, headlines: WindowHeadline[] = []) {
  const from = hours(-24);
  const given = new Map(Array.from({ length: 24 }, (_, n) => [String(n), headline(n)]));
  for (const h of headlines) given.set(h.id, h);
  const input = { batchId: 'b1', asOf, from, buckets: bucketsOf(from, asOf, 3 * HOUR), minHeadlines: 3 };
  return buildTrends({ ...input, headlines: given, topics, previous: [], ...more });
}
/** What a later batch finds of these trends. */
const asPrevious = (trends: readonly TrendRow[], bornBatch: string): PreviousTrend[] =>
  trends.map(({ id, members, firstSeen }) => ({ id, members, firstSeen, bornBatch }));

test('a topic of enough headlines is born as a trend, with figures of its headlines', () => {
  const french = headline(4, { language: 'fr', publisher: 'P9' });
  const { trends, merged, born } = build([topic(2, 5, 4, 6), topic(8, 9)], {}, [french]);
  assert.deepEqual([trends.length, merged, born], [1, [], 1]);
  const { id: _, score, velocity: _v, status: _s, sparkline, points, ...rest } = trends[0]!;
  assert.deepEqual(rest, {
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
  assert.ok(score > 0);
  assert.deepEqual(sparkline, [0, 0, 0, 0, 0, 0, 2, 2, 0], '09:00 the day before to 09:00');
  assert.deepEqual(
    points.map((p) => p.count),
    sparkline,
  );
  assert.deepEqual(points[6]!.at, new Date('2026-01-31T03:00:00Z'));
});

test('the bucket that the window holds a part of is marked so', () => {
  const partial = build([topic(1, 2, 3)]).trends[0]!.points.map((p) => p.partial);
  assert.deepEqual(partial, [true, ...Array.from({ length: 8 }, () => false)]);
});

test('the same input gives the same trends; another batch gives others', () => {
  const topics = [topic(1, 2, 3), topic(4, 5, 6)];
  assert.deepEqual(build(topics), build(topics));
  const other = build(topics, { batchId: 'b2' });
  assert.notEqual(other.trends[0]!.id, build(topics).trends[0]!.id);
});

test('the same batch again, on top of what it saved: the same trends, as many born', () => {
  const old = { id: 'old', members: ['1', '2', '3'], firstSeen: hours(-40), bornBatch: 'b0' };
  const topics = [topic(1, 2, 3), topic(4, 5, 6)];
  const once = build(topics, { previous: [old] });
  assert.deepEqual([once.trends[0]!.id, once.born], ['old', 1]);
  const saved = [...asPrevious(once.trends.slice(0, 1), 'b0'), ...asPrevious(once.trends.slice(1), 'b1')];
  assert.deepEqual(build(topics, { previous: saved }), once);
});

test('a trend keeps its id and the day it was first seen, though those headlines have left the window', () => {
  const old = { id: 'old', members: ['1', '2', '20'], firstSeen: hours(-60), bornBatch: 'b0' };
  const { trends, born } = build([topic(1, 2, 3, 4)], { previous: [old] });
  assert.deepEqual([trends[0]!.id, trends[0]!.firstSeen, born], ['old', hours(-60), 0]);
  assert.deepEqual(trends[0]!.lastSeen, hours(-1));
});

test('an older headline that was found late moves the beginning back', () => {
  const old = { id: 'old', members: ['1', '2', '3'], firstSeen: hours(-3), bornBatch: 'b0' };
  const { trends } = build([topic(1, 2, 3, 9)], { previous: [old] });
  assert.deepEqual(trends[0]!.firstSeen, hours(-9));
});

test('of two trends that become one, the larger lives on and the other points to it', () => {
  const previous = [
    { id: 'small', members: ['1', '2', '3'], firstSeen: hours(-50), bornBatch: 'b0' },
    { id: 'large', members: ['4', '5', '6', '7'], firstSeen: hours(-20), bornBatch: 'b0' },
  ];
  const { trends, merged, born } = build([topic(1, 2, 3, 4, 5, 6, 7)], { previous });
  assert.deepEqual([trends.map((t) => t.id), born], [['large'], 0]);
  assert.deepEqual(merged, [{ from: 'small', into: 'large' }]);
  assert.deepEqual(trends[0]!.firstSeen, hours(-20), 'its own, not that of the one it took in');
});

test('of a split the larger part keeps the id, the other is born', () => {
  const previous = [
    { id: 'one', members: ['1', '2', '3', '4', '5', '6', '7'], firstSeen: hours(-20), bornBatch: 'b0' },
  ];
  const { trends, merged, born } = build([topic(1, 2, 3), topic(4, 5, 6, 7)], { previous });
  assert.equal(trends[1]!.id, 'one');
  assert.notEqual(trends[0]!.id, 'one');
  assert.deepEqual([merged, born], [[], 1]);
});

test('a trend is of the demo where all of its headlines are', () => {
  const demo = [1, 2, 3].map((n) => headline(n, { demo: true }));
  const { trends } = build([topic(1, 2, 3), topic(4, 5, 6)], {}, demo);
  assert.deepEqual(
    trends.map((t) => t.demo),
    [true, false],
  );
  assert.equal(build([topic(1, 2, 3, 4)], {}, demo).trends[0]!.demo, false);
});

test('headlines that have gone since the topics were built are left out, and what is too small then', () => {
  const { trends } = build([topic(99, 1, 2, 3), topic(4, 5, 98), topic(97, 96, 95)]);
  assert.equal(trends.length, 1);
  assert.deepEqual([trends[0]!.members, trends[0]!.central], [['1', '2', '3'], '1']);
  assert.equal(trends[0]!.label, 'Headline 1');
});

test('no topics, no trends', () => {
  assert.deepEqual(build([]), { trends: [], merged: [], born: 0 });
});

test('a trend does not turn from rising to fading because the clock passed the edge of a bucket', () => {
  const minutes = (n: number): Date => new Date(Date.UTC(2026, 0, 31, 9) + n * 60_000);
  // Quiet for a day, then one headline every ten minutes up to 09:00, where a three-hour bucket begins.
  const rising = Array.from({ length: 18 }, (_, i) =>
    headline(100 + i, { publishedAt: minutes(-10 * i - 2), publisher: `P${i}` }),
  );
  const at = (now: Date) => {
    const from = new Date(now.getTime() - 24 * HOUR);
    const members = topic(...rising.map((h) => Number(h.id)));
    const buckets = bucketsOf(from, now, 3 * HOUR);
    return build([members], { asOf: now, from, buckets }, rising).trends[0]!;
  };
  const [before, after] = [at(minutes(-1)), at(minutes(5))];
  assert.equal(after.status, before.status);
  assert.ok(after.velocity > 0);
  assert.ok(after.score > before.score * 0.7, `${before.score} became ${after.score}`);
});
