import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { http } from '@afk/contracts';
import { freshDatabase } from '@afk/local/testing';
import { testApp } from '../testing/app.ts';
import { headline, hear, hours, ids, makeWorld } from '../testing/world.ts';

describe('the API of headlines, feeds and batches', async () => {
  const world = await freshDatabase();
  await makeWorld(world.pool);
  const app = testApp({ db: world.pool });
  after(async () => {
    await app.close();
    await world.drop();
  });

  async function get<T>(url: string, schema: { parse(value: unknown): T }): Promise<T> {
    const response = await app.inject(url);
    assert.equal(response.statusCode, 200, response.body);
    return schema.parse(response.json());
  }
  const headlines = async (query = '') => get(`/api/v1/headlines${query}`, http.headlineList);
  const numbers = async (query: string) => (await headlines(query)).items.map((h) => Number(h.id.slice(-12)));

  test('headlines: newest first, none from beyond the clock of the last run', async () => {
    const all = await headlines();
    assert.deepEqual([all.total, all.limit, all.offset], [6, 20, 0]);
    assert.deepEqual(await numbers(''), [3, 0, 6, 1, 2, 4]);
    assert.equal(all.items[1]!.trend_id, ids.flood);
    assert.ok(Math.abs(all.items[1]!.category!.probability - 0.9) < 1e-6);
    assert.equal(all.items[2]!.category, null);
  });

  test('headlines: each filter, and pages', async () => {
    assert.deepEqual(await numbers('?category=politics'), [3]);
    assert.deepEqual(await numbers('?language=fr'), [1]);
    assert.deepEqual(await numbers('?publisher=The%20Bell'), [6, 4]);
    assert.deepEqual(await numbers(`?trend=${ids.flood}`), [0, 1, 2]);
    const day = `?from=${hours(-3).toISOString()}&to=${hours(-2).toISOString()}`;
    assert.deepEqual(await numbers(day), [0, 6]);
    assert.deepEqual(await numbers('?from=2026-01-31T09:00:00%2B01:00'), [3, 0]);
    assert.deepEqual(await numbers('?limit=2&offset=1'), [0, 6]);
    assert.equal((await headlines('?limit=1&offset=9999')).total, 6);
  });

  test('headlines: hostile values find nothing, and break nothing', async () => {
    assert.deepEqual(await numbers('?from=0000-01-01T00:00:00Z&to=0000-12-31T23:59:59-23:59'), []);
    assert.deepEqual(await numbers('?from=9999-12-31T23:59:59.999999999-23:59'), []);
    assert.deepEqual(await numbers(`?publisher=${encodeURIComponent("' or 1=1; --")}`), []);
    assert.deepEqual(await numbers('?publisher=%ED%A0%80'), []);
    assert.deepEqual(await numbers('?publisher=%F0%9F%92%A7'), []);
  });

  test('feeds: those that are fetched, one without a title by its URL', async () => {
    const feeds = await get('/api/v1/feeds', http.feedList);
    assert.deepEqual(
      feeds.items.map((f) => [f.title, f.state, f.headlines, f.failures, f.last_error]),
      [
        ['The Lamp', 'not_modified', 7, 0, null],
        ['https://phare.example/rss', 'failing', 0, 1, 'HTTP 500'],
      ],
    );
    assert.equal(feeds.total, 2);
    assert.equal(feeds.items[0]!.last_success_at, hours(-1).toISOString());
  });

  test('batches: newest first', async () => {
    const batches = await get('/api/v1/batches?limit=2', http.batchList);
    assert.equal(batches.total, 3);
    assert.deepEqual(
      batches.items.map((b) => [b.id, b.status, b.seconds]),
      [
        [ids.running, 'running', null],
        [ids.current, 'running', null],
      ],
    );
    const last = (await get('/api/v1/batches?offset=2', http.batchList)).items[0]!;
    assert.deepEqual([last.status, last.headlines, last.topics, last.trends], ['complete', 5, null, 2]);
    assert.ok(last.seconds !== null && last.seconds >= 0);
  });

  test('a batch has its events, the trigger among them, each once, and its stages', async () => {
    const { started_at } = await get(`/api/v1/batches/${ids.current}`, http.batchDetail);
    const start = new Date(started_at);
    const heard = await hear(world.pool, ids.current, start, [
      { channel: 'ofelia', event: 'trigger-xml-headlines-extractor', seconds: -1, batchId: null },
      { channel: 'extractor', event: 'xml_processing_complete', seconds: 2, fields: { count: 7 } },
      { channel: 'classifier-bridge', event: 'headlines_classified', seconds: 5, fields: { count: 7 } },
      { channel: 'extractor', event: 'xml_processing_complete', seconds: 6, batchId: ids.running },
    ]);
    await hear(world.pool, ids.past, start, [{ channel: 'front', event: 'site_built', seconds: 1 }]);
    await world.pool.query(
      `insert into flow_log (at, channel, event, event_id, batch_id, correlation_id, payload)
     select at + interval '1 s', 'copy', event, event_id, batch_id, correlation_id, payload from flow_log
      where event_id = $1
     union all
     select at, channel, event, null, batch_id, correlation_id, payload from flow_log where event_id = $1`,
      [heard[1]],
    );
    const batch = await get(`/api/v1/batches/${ids.current}`, http.batchDetail);
    assert.deepEqual(
      batch.events.map((e) => e.id),
      heard.slice(0, 3),
      'not the bare one, not the copy, nothing of another batch',
    );
    assert.equal((batch.events[1]!.payload as { count: number }).count, 7);
    assert.deepEqual(
      batch.stages.map((s) => [s.service, s.seconds, s.count]),
      [
        ['extractor', 3, 7],
        ['classifier-bridge', 3, 7],
      ],
    );
  });

  test('no such batch is a 404', async () => {
    for (const id of [headline(1), 'x']) {
      const response = await app.inject(`/api/v1/batches/${id}`);
      assert.equal(response.statusCode, 404);
      http.problem.parse(response.json());
    }
  });
});
