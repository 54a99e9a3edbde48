import assert from 'node:assert/strict';
import test from 'node:test';
import { scoreTrend } from './index.ts';
import type { TrendScore } from './index.ts';

const HOUR = 3_600_000;
const BUCKETS = 48;
const flat = (level: number): number[] => Array.from({ length: BUCKETS }, () => level);
const TOTAL = flat(100);

function score(
  points: number[],
  more: { total?: number[]; publishers?: number; lastSeenAgeMs?: number } = {},
): TrendScore {
  return scoreTrend(points, { bucketMs: HOUR, total: TOTAL, publishers: 3, lastSeenAgeMs: 0, ...more });
}
const withNewest = (points: number[], count: number): number[] => [...points.slice(0, -1), count];

// A fixed sequence of varied series; every property is checked on each.
const SERIES = Array.from({ length: 50 }, (_, s) =>
  flat(0).map((_, i) => ((s * 7 + i * (s + 3)) % 11) * ((i + s) % 3)),
);

test('more headlines in the newest bucket raise score and velocity', () => {
  for (const series of SERIES) {
    const [less, more] = [score(withNewest(series, 2)), score(withNewest(series, 5))];
    assert.ok(more.score > less.score);
    assert.ok(more.velocity > less.velocity);
  }
});

test('more publishers raise the score; a busier newsroom lowers it or leaves it', () => {
  for (const series of SERIES) {
    const points = withNewest(series, 5);
    assert.ok(score(points, { publishers: 9 }).score > score(points, { publishers: 2 }).score);
    assert.ok(score(points, { total: withNewest(TOTAL, 900) }).score <= score(points).score);
  }
});

test('the same headlines count for less when they are older', () => {
  const burstAt = (bucket: number): number[] => flat(0).map((_, i) => (i === bucket ? 10 : 0));
  for (let bucket = 1; bucket < BUCKETS; bucket += 1) {
    assert.ok(score(burstAt(bucket)).score > score(burstAt(bucket - 1)).score);
  }
});

test('velocity is headlines an hour, now minus before', () => {
  assert.equal(score(flat(2)).velocity, 0);
  assert.equal(score(flat(0).map((_, i) => (i >= BUCKETS - 6 ? 3 : 1))).velocity, 2);
});

test('every status has its shape', () => {
  const shape = (of: (bucket: number) => number): number[] => flat(0).map((_, i) => of(i));
  assert.equal(score(shape((i) => (i >= BUCKETS - 4 ? 3 : 0))).status, 'emerging');
  assert.equal(score(shape((i) => (i >= BUCKETS - 4 ? 9 : 1))).status, 'rising');
  assert.equal(score(flat(2)).status, 'steady');
  assert.equal(
    score(
      shape((i) => (i >= BUCKETS - 6 ? 0 : 3)),
      { lastSeenAgeMs: 6 * HOUR },
    ).status,
    'fading',
  );
  assert.equal(
    score(
      shape((i) => (i < 9 ? 3 : 0)),
      { lastSeenAgeMs: 39 * HOUR },
    ).status,
    'dormant',
  );
  assert.equal(score(flat(0)).status, 'dormant');
});

test('a tide that lifts all headlines is no rise', () => {
  const tide = flat(0).map((_, i) => (i >= BUCKETS - 6 ? 4 : 1));
  assert.equal(score(tide).status, 'rising');
  assert.equal(score(tide, { total: tide.map((count) => count * 50) }).status, 'steady');
});

test('always finite and never negative; empty series too', () => {
  for (const series of [...SERIES, flat(0)]) {
    for (const total of [TOTAL, flat(0)]) {
      const { score: value, velocity } = score(series, { total, publishers: 0 });
      assert.ok(Number.isFinite(value) && value >= 0);
      assert.ok(Number.isFinite(velocity));
    }
  }
  const empty = scoreTrend([], { bucketMs: HOUR, total: [], publishers: 0, lastSeenAgeMs: Infinity });
  assert.deepEqual(empty, { score: 0, velocity: 0, status: 'dormant' });
});

test('buckets that do not fit are refused', () => {
  assert.throws(
    () => scoreTrend([1], { bucketMs: HOUR, total: [], publishers: 1, lastSeenAgeMs: 0 }),
    RangeError,
  );
  assert.throws(
    () => scoreTrend([1], { bucketMs: 0, total: [1], publishers: 1, lastSeenAgeMs: 0 }),
    RangeError,
  );
});
