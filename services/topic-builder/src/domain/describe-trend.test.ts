import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PreviousTrend, TrendRow, WindowHeadline } from '@afk/database';
import { backdropOf } from '@afk/topics';
import { bucketsOf } from './buckets.ts';
import { describeTrend, toTelling } from './describe-trend.ts';

const HOUR = 3_600_000;
const nine = Date.UTC(2026, 0, 31, 9);

/** So many headlines in each hour before `end` (0: the newest hour), by publishers in turn. */
function course(end: number, name: string, of: (hoursAgo: number) => number): WindowHeadline[] {
  return Array.from({ length: 72 }, (_, hour) =>
    Array.from({ length: of(hour) }, (_unused, i) => ({
      id: `${name}-${hour}-${i}`,
      title: `${name} ${hour} ${i}`,
      summary: '',
      language: 'en',
      publisher: `P${(hour + i) % 6}`,
      publishedAt: new Date(end - (hour + (i + 0.5) / of(hour)) * HOUR),
      demo: false,
    })),
  ).flat();
}

/** The trend of `story`, told beside `others`, as a run at `now` has it. */
function describe(
  story: readonly WindowHeadline[],
  now: number,
  known?: Pick<PreviousTrend, 'firstSeen' | 'status'>,
): TrendRow {
  const [asOf, from] = [new Date(now), new Date(now - 72 * HOUR)];
  const inWindow = [...story, ...course(nine, 'other', () => 12)].filter(
    (h) => h.publishedAt > from && h.publishedAt <= asOf,
  );
  const setting = {
    asOf,
    from,
    buckets: bucketsOf(from, asOf, 3 * HOUR),
    headlines: new Map(inWindow.map((h) => [h.id, h])),
    backdrop: backdropOf(inWindow.map(toTelling), from.getTime(), now),
  };
  const members = story.map((h) => h.id).filter((id) => setting.headlines.has(id));
  return describeTrend(setting, { central: members[0]!, keywords: [], members }, 'id', known);
}

test('a story that breaks: it rises, and bursts since the hour in which it broke', () => {
  const { status, burst, z, velocity } = describe(
    course(nine, 'story', (h) => (h < 4 ? 8 : 1)),
    nine,
  );
  assert.deepEqual([status, burst.since], ['rising', new Date(nine - 4 * HOUR)]);
  assert.ok(z > 1 && velocity > 0 && burst.weight > 0);
});

test('a story that goes on as ever does not burst', () => {
  const { status, burst } = describe(
    course(nine, 'story', () => 2),
    nine,
  );
  assert.deepEqual([status, burst], ['peaking', { weight: 0, since: null }]);
});

test('what the last run knew: an old story is not emerging, and a status is not left lightly', () => {
  const young = course(nine, 'story', (h) => (h < 8 ? 2 : 0));
  assert.equal(describe(young, nine).status, 'emerging');
  const known = { firstSeen: new Date(nine - 100 * HOUR), status: 'peaking' };
  assert.notEqual(describe(young, nine, known).status, 'emerging');
  assert.deepEqual(describe(young, nine, known).firstSeen, known.firstSeen);
  const low = course(nine, 'story', (h) => (h < 6 ? 2 : h < 20 ? 2 : 4));
  const as = (status: string): string => describe(low, nine, { firstSeen: new Date(0), status }).status;
  assert.deepEqual([as('peaking'), as('fading')], ['peaking', 'fading']);
});

test('bars have their width, and the one that the window holds a part of is marked', () => {
  const { points, sparkline } = describe(
    course(nine, 'story', () => 1),
    nine + HOUR,
  );
  assert.ok(points.every((p) => p.minutes === 180));
  assert.deepEqual(
    points.map((p) => p.partial),
    points.map((_, i) => i === 0),
  );
  assert.deepEqual(
    points.map((p) => p.count),
    sparkline,
  );
});

test('a trend does not turn because the clock passed the edge of a bar', () => {
  // Quiet for two days, then one headline every ten minutes up to 09:00, where a bar of three hours begins.
  const story = course(nine, 'story', (h) => (h < 3 ? 6 : 0));
  const minute = HOUR / 60;
  const [before, after] = [describe(story, nine - minute), describe(story, nine + 5 * minute)];
  assert.equal(after.status, before.status);
  assert.ok(after.velocity > 0);
  assert.ok(after.score > before.score * 0.9, `${before.score} became ${after.score}`);
  assert.deepEqual([before.burst.since !== null, after.burst.since !== null], [true, true]);
});
