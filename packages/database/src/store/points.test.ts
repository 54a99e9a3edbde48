import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { freshDatabase } from '@afk/local/testing';
import { findTrend, saveTrends, saveTrendWindow } from '../index.ts';
import { batch, headline, hours, store, trend, trendId } from '../testing/rows.ts';
import { agePoints, type PointRow } from './points.ts';

const HOUR = 3_600_000;
const DAY = 24;
const window = { windowHours: 72, bucketMinutes: 180 };

describe('the bars of trends', async () => {
  const { pool: db, drop } = await freshDatabase();
  after(drop);
  beforeEach(async () => {
    await db.query('truncate feeds, batches, trends cascade');
    await store(db, [headline(1), headline(2)]);
  });

  type Point = [trend: number, at: string, count: number];
  const points = async (): Promise<Point[]> => {
    const { rows } = await db.query('select * from trend_points order by trend_id, at');
    return rows.map((r) => [Number(r.trend_id.slice(-12)), r.at.toISOString().slice(8, 13), r.count]);
  };
  /** What is stored of trend 1: where each bar begins, its width in hours, its count. */
  const bars = async (): Promise<[string, number, number][]> => {
    const { rows } = await db.query('select * from trend_points where trend_id = $1 order by at', [
      trendId(1),
    ]);
    return rows.map((r) => [r.at.toISOString().slice(0, 13), r.minutes / 60, r.count]);
  };
  const total = async (): Promise<number> => (await bars()).reduce((sum, [, , count]) => sum + count, 0);

  /** Bars of 3 h at these hours, on multiples of 3 h. */
  const bar = (hour: number, count: number, more: Partial<PointRow> = {}): PointRow => ({
    at: new Date(Math.floor(hours(hour).getTime() / (3 * HOUR)) * 3 * HOUR),
    minutes: 180,
    count,
    ...more,
  });
  /** Saves trend 1 with these bars by a batch whose clock stands at `at`. */
  const save = async (given: PointRow[], at = 0): Promise<string> => {
    const id = await batch(db, hours(at));
    await saveTrends(db, id, [trend(1, [1], { points: given })], []);
    return id;
  };
  /** A run `at` hours whose window has one new headline, in its newest bar. */
  const run = (at: number): Promise<string> => save([bar(at - 72, 0, { partial: true }), bar(at, 1)], at);

  test('counted anew where the window holds them whole, left alone where it holds a part', async () => {
    const given = (...counts: [h: number, count: number, partial?: true][]) =>
      counts.map(([h, count, partial]) => ({
        at: hours(h),
        minutes: 180,
        count,
        ...(partial && { partial }),
      }));
    await save(given([-10, 4], [-7, 3], [-4, 2]));
    await save(given([-10, 1, true], [-7, 5], [-4, 0], [-1, 1]));
    assert.deepEqual(await points(), [
      [1, '31T00', 4],
      [1, '31T03', 5],
      [1, '31T09', 1],
    ]);
    await save(given([-13, 2, true]));
    assert.deepEqual((await points())[0], [1, '30T21', 2], 'a part is better than nothing');
  });

  test('bars of another width take the place of those that they cover', async () => {
    const of = (width: number, ...counts: number[]) =>
      save(counts.map((count, i) => ({ at: hours(-10 + i * width), minutes: 60 * width, count })));
    await of(1, 1, 1, 1, 1, 1, 1);
    await of(3, 3, 3);
    assert.deepEqual(await bars(), [
      ['2026-01-31T00', 3, 3],
      ['2026-01-31T03', 3, 3],
    ]);
  });

  test('they become days after a week, weeks after three months, and no headline is lost', async () => {
    await save([bar(-6, 2), bar(-3, 3), bar(0, 4)]);
    await run(6 * DAY);
    assert.deepEqual((await bars()).length, 4, 'six days on, all are as they were');
    await run(9 * DAY);
    assert.deepEqual((await bars())[0], ['2026-01-31T00', 24, 9]);
    assert.equal(await total(), 11);
    await run(100 * DAY);
    // Weeks from Monday 26 January and 2 February; that of the 9th is not three months old as a whole.
    assert.deepEqual((await bars()).slice(0, 3), [
      ['2026-01-26T00', 168, 9],
      ['2026-02-02T00', 168, 1],
      ['2026-02-09T00', 24, 1],
    ]);
    assert.equal(await total(), 12);
  });

  test('the same run again, and the next one, change nothing that has aged', async () => {
    await save([bar(-30, 2), bar(-3, 3), bar(0, 4)]);
    await save([bar(-3, 3), bar(0, 4)]);
    const id = await run(20 * DAY);
    const once = await bars();
    const given = [trend(1, [1], { points: [bar(20 * DAY - 72, 0, { partial: true }), bar(20 * DAY, 1)] })];
    await saveTrends(db, id, given, []);
    assert.deepEqual(await bars(), once);
    await agePoints(db, id, given);
    assert.deepEqual(await bars(), once);
  });

  test('nothing ages that a run of the same window would count anew', async () => {
    const month = Array.from({ length: 240 }, (_, i) => bar(3 * i - 717, 1));
    const id = await save(month);
    assert.equal((await bars()).length, 240);
    assert.ok((await bars()).every(([, hours_, count]) => hours_ === 3 && count === 1));
    await saveTrends(db, id, [trend(1, [1], { points: month })], []);
    assert.equal(await total(), 240);
  });

  test('a replay of the past leaves alone what has aged, and makes no second count of it', async () => {
    await save([bar(-6, 2), bar(-3, 3), bar(0, 4)]);
    await run(20 * DAY);
    const aged = await bars();
    await save([bar(-6, 2), bar(-3, 3, { partial: true }), bar(0, 5)], 0);
    assert.deepEqual(await bars(), aged);
  });

  test('one run merges so much and no more, the oldest first; the next goes on', async () => {
    const days = Array.from({ length: 5 }, (_, day) => [bar(24 * day - 3, 1), bar(24 * day, 2)]).flat();
    await save(days);
    const id = await batch(db, hours(30 * DAY));
    const current = [trend(1, [1], { points: [bar(30 * DAY, 0)] })];
    const widths = async () => (await bars()).map(([, width]) => width);
    await agePoints(db, id, current, 2);
    assert.deepEqual(await widths(), [24, 24, 3, 3, 3, 3, 3, 3]);
    await agePoints(db, id, current, 2);
    await agePoints(db, id, current, 2);
    assert.deepEqual(await widths(), [24, 24, 24, 24, 24]);
    assert.equal(await total(), 15);
  });

  test('bars of other trends age too, of whatever width they were', async () => {
    const odd = [
      { at: hours(-11), minutes: 100, count: 1 },
      { at: hours(-9), minutes: 60, count: 2 },
    ];
    await saveTrends(db, await batch(db), [trend(2, [2], { points: odd })], []);
    await run(20 * DAY);
    const { rows } = await db.query(
      'select minutes, count from trend_points where trend_id = $1 order by at',
      [trendId(2)],
    );
    assert.deepEqual(rows, [
      { minutes: 1440, count: 1 },
      { minutes: 1440, count: 2 },
    ]);
  });

  test('a trend shows its life without gaps: what has aged in its own width, the window bar by bar', async () => {
    await save([bar(-30 * 24, 2), bar(-29 * 24, 1), bar(-20 * 24, 3)], -20 * 24);
    const id = await run(0);
    await saveTrendWindow(db, id, window);
    const found = await findTrend(db, trendId(1), window);
    assert.ok(found && 'detail' in found);
    const { points: shown } = found.detail;
    const hoursOf = shown.map((p) => [p.minutes / 60, p.count]);
    assert.deepEqual(hoursOf.slice(0, 5), [
      [24, 2],
      [24, 1],
      [8 * 24, 0],
      [24, 3],
      [16 * 24 + 9, 0],
    ]);
    assert.equal(shown.length, 5 + 25);
    assert.deepEqual(hoursOf.at(-1), [3, 1]);
    for (const [i, { at, minutes }] of shown.slice(0, -1).entries()) {
      assert.equal(Date.parse(at) + minutes * 60_000, Date.parse(shown[i + 1]!.at), `after ${at}`);
    }
  });

  test('a trend of the past shows its own life: from its first bar to its last, and the silence between', async () => {
    await save([bar(-30, 1), bar(-21, 2), bar(-18, 1)]);
    await saveTrends(db, await batch(db, hours(1)), [trend(2, [2])], []);
    const found = await findTrend(db, trendId(1), window);
    assert.ok(found && 'detail' in found);
    const seen = found.detail.points.map((p) => [p.at.slice(11, 13), p.minutes, p.count]);
    assert.deepEqual(seen, [
      ['03', 180, 1],
      ['06', 180, 0],
      ['09', 180, 0],
      ['12', 180, 2],
      ['15', 180, 1],
    ]);
  });
});
