import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { http } from '@afk/contracts';
import { beginBatch, saveTrendEvents, type TrendEvent } from '@afk/database';
import { freshDatabase } from '@afk/local/testing';
import { testApp } from '../testing/app.ts';
import { hours, ids, makeWorld } from '../testing/world.ts';

describe('the API of the history of trends', async () => {
  const world = await freshDatabase();
  const db = world.pool;
  await makeWorld(db);
  const app = testApp({ db });
  after(async () => {
    await app.close();
    await world.drop();
  });

  const event = (
    trend: string,
    kind: TrendEvent['kind'],
    headlines: number,
    other: string | null = null,
  ) => ({
    trend,
    kind,
    headlines,
    other,
  });
  await saveTrendEvents(db, { id: ids.past, asOf: hours(-300) }, [
    event(ids.merged, 'born', 4),
    event(ids.flood, 'born', 3),
    event(ids.old, 'slept', 0),
  ]);
  await saveTrendEvents(db, { id: ids.current, asOf: hours(0) }, [
    event(ids.flood, 'absorbed', 9, ids.merged),
    event(ids.merged, 'merged', 4, ids.flood),
    event(ids.flood, 'split', 9, ids.budget),
    event(ids.budget, 'split_from', 5, ids.flood),
  ]);

  const history = async (id: string, query = '') => {
    const response = await app.inject(`/api/v1/trends/${id}/history${query}`);
    assert.equal(response.statusCode, 200, response.body);
    return http.trendHistory.parse(response.json());
  };
  const problemOf = async (path: string, status: number) => {
    const response = await app.inject(`/api/v1/trends/${path}`);
    assert.equal(response.statusCode, status, response.body);
    assert.match(String(response.headers['content-type']), /application\/problem\+json/);
    return http.problem.parse(response.json());
  };

  test('a life, newest first, with what it met', async () => {
    const at = hours(0).toISOString();
    const label = (id: string) => `label of ${id}`;
    const budget = { id: ids.budget, label: label(ids.budget), language: 'en', merged_into: null };
    const merged = { id: ids.merged, label: label(ids.merged), language: 'en', merged_into: ids.flood };
    assert.deepEqual(await history(ids.flood), {
      trend_id: ids.flood,
      total: 3,
      items: [
        { at, kind: 'split', batch_id: ids.current, headlines: 9, other: budget },
        { at, kind: 'absorbed', batch_id: ids.current, headlines: 9, other: merged },
        { at: hours(-300).toISOString(), kind: 'born', batch_id: ids.past, headlines: 3, other: null },
      ],
    });
  });

  test('a trend that went into another answers itself, and ends there', async () => {
    const { trend_id, items } = await history(ids.merged);
    assert.equal(trend_id, ids.merged);
    assert.deepEqual(
      items.map((e) => [e.kind, e.other?.id]),
      [
        ['merged', ids.flood],
        ['born', undefined],
      ],
    );
  });

  test('pages: the total is of all', async () => {
    const second = await history(ids.flood, '?limit=1&offset=1');
    assert.deepEqual([second.total, second.items.map((e) => e.kind)], [3, ['absorbed']]);
    assert.deepEqual((await history(ids.flood, '?offset=10000')).items, []);
  });

  test('a wrong parameter is refused by name', async () => {
    const cases: [string, string][] = [
      ['limit=0', 'limit'],
      ['limit=201', 'limit'],
      ['limit=ten', 'limit'],
      ['offset=-1', 'offset'],
      ['offset=1&offset=2', 'offset'],
      ['kind=born', 'kind'],
    ];
    for (const [query, field] of cases) {
      const { errors } = await problemOf(`${ids.flood}/history?${query}`, 400);
      assert.deepEqual(
        errors?.map((e) => e.field),
        [field],
        query,
      );
    }
  });

  test('no such trend, or no id at all, is a 404', async () => {
    for (const id of ['10000000-0000-4000-8000-0000000000ff', 'nonsense', '%00', "'; drop table trends; --"])
      assert.match((await problemOf(`${id}/history`, 404)).detail ?? '', /There is no trend/);
    await problemOf(`${ids.flood}/history/more`, 404);
  });

  test('a database that is away is a 503', async () => {
    const away = testApp();
    after(() => away.close());
    const response = await away.inject(`/api/v1/trends/${ids.flood}/history`);
    assert.equal(response.statusCode, 503);
    assert.ok(response.headers['retry-after']);
  });

  test('after a replay of the past, what lies after its clock is not told', async () => {
    const id = '00000000-0000-4000-8000-00000000000d';
    await beginBatch(db, { id, triggerId: id, correlationId: id, asOf: hours(-1) });
    await db.query('update trends set updated_batch = $1 where id = $2', [id, ids.budget]);
    assert.deepEqual(
      (await history(ids.flood)).items.map((e) => e.kind),
      ['born'],
    );
    assert.deepEqual(await history(ids.budget), { trend_id: ids.budget, total: 0, items: [] });
  });
});
