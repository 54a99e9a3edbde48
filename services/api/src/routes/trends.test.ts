import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { http } from '@afk/contracts';
import { beginBatch, saveFeeds, saveTrendWindow } from '@afk/database';
import { freshDatabase } from '@afk/local/testing';
import { testApp } from '../testing/app.ts';
import { headline, hours, ids, makeWorld } from '../testing/world.ts';

describe('the API of trends', async () => {
  const world = await freshDatabase();
  const empty = await freshDatabase();
  await makeWorld(world.pool);
  const app = testApp({ db: world.pool });
  const emptyApp = testApp({ db: empty.pool });
  after(async () => {
    await Promise.all([app.close(), emptyApp.close()]);
    await Promise.all([world.drop(), empty.drop()]);
  });

  const list = async (query = '', from = app) => {
    const response = await from.inject(`/api/v1/trends${query}`);
    assert.equal(response.statusCode, 200, response.body);
    return http.trendList.parse(response.json());
  };
  const detail = async (id: string) => {
    const response = await app.inject(`/api/v1/trends/${id}`);
    assert.equal(response.statusCode, 200, response.body);
    return http.trendDetail.parse(response.json());
  };

  test('the current trends are those of the latest run that built any, by score', async () => {
    const trends = await list();
    assert.equal(trends.as_of, hours(0).toISOString());
    assert.equal(trends.batch_id, ids.current);
    assert.equal(trends.demo, false);
    assert.deepEqual([trends.window_hours, trends.bucket_minutes, trends.total], [72, 180, 2]);
    assert.deepEqual(
      trends.items.map((t) => t.id),
      [ids.flood, ids.budget],
    );
    assert.deepEqual(trends.items[0]!.category, { id: 'disaster_accident', probability: 0.75 });
    assert.equal(trends.items[1]!.category, null);
  });

  test('how a trend moves, and whether it bursts and since when', async () => {
    const [flood, budget] = (await list()).items;
    const { status, velocity, acceleration, z } = flood!;
    assert.deepEqual([status, velocity, acceleration, z], ['rising', 0.5, 0.25, 1.5]);
    assert.deepEqual(flood!.burst, { active: true, weight: 4.5, since: hours(-5).toISOString() });
    assert.deepEqual(budget!.burst, { active: false, weight: 0, since: null });
  });

  test('filters and pages; the total is of all that fit', async () => {
    assert.deepEqual((await list('?language=fr')).total, 1);
    assert.deepEqual((await list('?category=politics')).items, []);
    const second = await list('?limit=1&offset=1');
    assert.deepEqual([second.total, second.items.map((t) => t.id)], [2, [ids.budget]]);
    assert.equal((await list('?offset=10000')).total, 2);
  });

  test('before the first run there is nothing, and demo says whether it will be invented', async () => {
    const before = await list('', emptyApp);
    assert.deepEqual([before.as_of, before.batch_id, before.total, before.demo], [null, null, 0, false]);
    const feed = { url: 'https://demo.example/', title: '', language: null };
    await saveFeeds(empty.pool, [feed], { source: 'demo', at: new Date() });
    assert.equal((await list('', emptyApp)).demo, true);
  });

  test('one demo trend makes the whole list demo, also where a filter leaves it out', async () => {
    await world.pool.query('update trends set demo = true where id = $1', [ids.flood]);
    assert.equal((await list('?category=politics')).demo, true);
    await world.pool.query('update trends set demo = false');
  });

  test('a current trend has its life and every bucket of the window, its publishers there, and all its headlines', async () => {
    const flood = await detail(ids.flood);
    assert.equal(flood.as_of, hours(0).toISOString());
    // From 15:00 on the 27th, before the window, to the bucket of 09:00 on the 31st.
    assert.equal(flood.points.length, 31);
    assert.ok(flood.points.every((p) => p.minutes === 180));
    assert.equal(flood.points.at(-1)!.at, '2026-01-31T09:00:00.000Z');
    assert.deepEqual(
      flood.points.filter((p) => p.count > 0).map((p) => p.at),
      ['2026-01-27T15:00:00.000Z', '2026-01-31T03:00:00.000Z', '2026-01-31T06:00:00.000Z'],
    );
    assert.deepEqual(flood.by_publisher, [
      { publisher: 'Le Phare', count: 1 },
      { publisher: 'The Lamp', count: 1 },
    ]);
    assert.deepEqual(
      flood.items.map((h) => h.id),
      [headline(0), headline(1), headline(2)],
    );
    assert.ok(flood.items.every((h) => h.trend_id === ids.flood));
  });

  test('a trend of the past has the bars of its own life: whole days, after more than a week', async () => {
    const old = await detail(ids.old);
    assert.equal(old.as_of, hours(-300).toISOString());
    assert.deepEqual(old.points, [
      { at: '2026-01-14T00:00:00.000Z', minutes: 1440, count: 1 },
      { at: '2026-01-15T00:00:00.000Z', minutes: 1440, count: 2 },
    ]);
    assert.deepEqual(old.by_publisher, [{ publisher: 'The Bell', count: 1 }]);
    assert.equal(old.items[0]!.category, null, 'a category that is none of the 17');
  });

  test('a current trend without points has zeros; one of the past has none', async () => {
    assert.equal((await detail(ids.budget)).points.length, 25);
    await world.pool.query('delete from trend_points where trend_id = $1', [ids.old]);
    assert.deepEqual((await detail(ids.old)).points, []);
  });

  test('after a replay of the past, what lies after its clock is not shown', async () => {
    const db = world.pool;
    const id = '00000000-0000-4000-8000-00000000000d';
    await beginBatch(db, { id, triggerId: id, correlationId: id, asOf: hours(-3) });
    await db.query('update trends set updated_batch = $1 where id = $2', [id, ids.budget]);
    await db.query('update trend_points set count = 5 where at = $1', [new Date('2026-01-31T06:00:00Z')]);
    // Both the trend that the replay continued and the one that it left.
    const [budget, flood] = [await detail(ids.budget), await detail(ids.flood)];
    assert.deepEqual([budget.items, budget.by_publisher], [[], []]);
    assert.deepEqual(
      flood.items.map((h) => h.id),
      [headline(1), headline(2)],
    );
    assert.deepEqual(flood.by_publisher, [
      { publisher: 'Le Phare', count: 1 },
      { publisher: 'The Lamp', count: 1 },
    ]);
    const last = flood.points.at(-1);
    const expected = { at: '2026-01-31T06:00:00.000Z', minutes: 180, count: 0 };
    assert.deepEqual(last, expected, 'its headline is of 08:00');
    await db.query('update trends set updated_batch = $1 where id = $2', [ids.current, ids.budget]);
  });

  test('window and width are those that the run was built with', async () => {
    await saveTrendWindow(world.pool, ids.current, { windowHours: 4.5, bucketMinutes: 60 });
    const trends = await list();
    assert.deepEqual([trends.window_hours, trends.bucket_minutes], [4.5, 60]);
    const flood = await detail(ids.flood);
    assert.equal(flood.bucket_minutes, 60);
    assert.deepEqual(
      flood.points.slice(-4).map((p) => [p.at.slice(11, 16), p.minutes]),
      [
        ['03:00', 180],
        ['06:00', 180],
        ['09:00', 60],
        ['10:00', 60],
      ],
      'each bar has the width that it was counted with',
    );
    const budget = await detail(ids.budget);
    assert.deepEqual(
      [budget.points.length, budget.points[0]!.at],
      [6, '2026-01-31T05:00:00.000Z'],
      'every hour that the window touches',
    );
    assert.deepEqual(flood.by_publisher, [{ publisher: 'The Lamp', count: 1 }]);
    assert.equal((await detail(ids.old)).bucket_minutes, 180, 'another run, which does not say');
  });

  test('a merged trend sends to the one it went into, and nobody keeps that', async () => {
    const response = await app.inject(`/api/v1/trends/${ids.merged}`);
    assert.equal(response.statusCode, 308);
    assert.equal(response.headers.location, `/api/v1/trends/${ids.flood}`);
    assert.equal(response.headers['cache-control'], 'no-store');
    assert.equal(response.body, '');
  });

  test('no such trend, or no id at all, is a 404', async () => {
    for (const id of [
      '10000000-0000-4000-8000-0000000000ff',
      'nonsense',
      '%00',
      "'; drop table trends; --",
    ]) {
      const response = await app.inject(`/api/v1/trends/${id}`);
      assert.equal(response.statusCode, 404, response.body);
      assert.equal(http.problem.parse(response.json()).status, 404);
    }
  });
});
