import assert from 'node:assert/strict';
import { test } from 'node:test';
import { historyBars, historyOf, levelOf, stillFilling, timeTicks, type Point } from './history.ts';

const HOUR = 3_600_000;
const DAY = 1440;
const start = Date.UTC(2026, 2, 2);

/** Bars one after the other, from Monday 2 March 2026 on. */
function points(...widthsAndCounts: [minutes: number, count: number][]): Point[] {
  let at = start;
  return widthsAndCounts.map(([minutes, count]) => {
    const point = { at: new Date(at).toISOString(), minutes, count };
    at += minutes * 60_000;
    return point;
  });
}
const same = (n: number, minutes: number, of: (i: number) => number): [number, number][] =>
  Array.from({ length: n }, (_, i) => [minutes, of(i)]);
const total = (list: readonly Point[]): number => list.reduce((sum, p) => sum + p.count, 0);
const shape = (list: readonly Point[]): number[][] => list.map((p) => [p.minutes, p.count]);

test('few bars stay as they are, the wide ones of the past too', () => {
  const given = points([DAY, 8], [DAY, 0], [180, 2], [180, 1]);
  assert.deepEqual(historyOf(given, 180, 96), { bars: given, minutes: 180 });
  assert.deepEqual(historyOf([], 180, 96).bars, []);
});

test('many are merged, the newest group whole, and no headline is lost', () => {
  const given = points(...same(5, 60, (i) => i + 1));
  assert.deepEqual(shape(historyOf(given, 60, 3).bars), [
    [60, 1],
    [120, 5],
    [120, 9],
  ]);
  for (const most of [1, 2, 10, 96, 1000]) {
    const long = points(...same(20, DAY, (i) => i), ...same(97, 60, (i) => i % 5));
    const { bars } = historyOf(long, 60, most);
    assert.equal(total(bars), total(long), `at most ${most}`);
    for (const [i, bar] of bars.slice(0, -1).entries()) {
      assert.equal(Date.parse(bar.at) + bar.minutes * 60_000, Date.parse(bars[i + 1]!.at));
    }
  }
});

test('months of life are drawn in days, longer ones in weeks; a wide silence stays one', () => {
  const days = points(...same(60, DAY, () => 1), ...same(16, 180, () => 2));
  assert.deepEqual(shape(historyOf(days, 180, 96).bars).slice(-3), [
    [DAY, 1],
    [DAY, 16],
    [DAY, 16],
  ]);
  const weeks = points([7 * DAY, 9], [140 * DAY, 0], ...same(14, DAY, () => 1));
  assert.deepEqual(shape(historyOf(weeks, 180, 96).bars), [
    [7 * DAY, 9],
    [140 * DAY, 0],
    [7 * DAY, 7],
    [7 * DAY, 7],
  ]);
});

test('merged bars fall on the same hours each day', () => {
  const widths = [7, 12, 20, 40, 60].map((days) => historyOf(points([days * DAY, 1]), 180, 96).minutes / 60);
  assert.deepEqual(widths, [3, 3, 6, 12, 24]);
});

test('a bar is as wide as it lasted, and a wide one as high as its mean', () => {
  const history = historyOf(points([DAY, 8], [180, 4], [180, 1]), 180, 96);
  const [day, four, one] = historyBars(history, 100, 40, 4);
  assert.deepEqual([day!.height, four!.height, one!.height], [10, 40, 10]);
  assert.equal(levelOf(history.bars[0]!, history.minutes), 1);
  // 30 hours in 100: 80 for the day, 10 for each bar of three hours; a quarter of these is left free.
  assert.deepEqual([day!.width, four!.width], [77.5, 7.5]);
  assert.ok(day!.x + day!.width < four!.x && one!.x + one!.width <= 100);
});

test('labels lie on the line of time, from its beginning on', () => {
  const ticks = timeTicks(historyOf(points([2 * DAY, 0], ...same(16, 180, () => 1)), 180, 96), 4);
  assert.deepEqual(
    ticks.map((t) => [(Date.parse(t.at) - start) / HOUR, t.percent]),
    [
      [0, 0],
      [24, 25],
      [48, 50],
      [72, 75],
    ],
  );
  assert.deepEqual(timeTicks({ bars: [], minutes: 60 }, 4), []);
});

test('a bar is still filling until the clock has passed its end', () => {
  const given = points([180, 1], [180, 0]);
  assert.equal(stillFilling(given, '2026-03-02T05:05:00Z'), true);
  assert.equal(stillFilling(given, '2026-03-02T06:00:00Z'), false);
  assert.equal(stillFilling([], '2026-03-02T06:00:00Z'), false);
  assert.equal(stillFilling(given, null), false);
});
