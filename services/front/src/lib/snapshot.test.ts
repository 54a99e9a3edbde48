import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFakeApi } from '../testing/fake-api.ts';
import { ApiError, apiClient, explain } from './api.ts';
import { mapLimited, readSnapshot } from './snapshot.ts';

test('one picture of the API: the list, each trend once, in its order', async (t) => {
  const api = await startFakeApi({ trends: 30 });
  t.after(() => api.close());
  const { list, details, histories, latest } = await readSnapshot(apiClient(api.url));
  assert.deepEqual(
    details.map((d) => d.id),
    list.items.map((i) => i.id),
  );
  assert.deepEqual(histories, api.data.histories);
  assert.ok(latest.length > 0);
  assert.ok([...api.calls.values()].every((times) => times === 1));
});

test('a trend that is merged away in between is left out', async (t) => {
  const api = await startFakeApi({ trends: 5 });
  t.after(() => api.close());
  api.data.details.delete('trend-0002');
  api.data.histories.delete('trend-0004');
  api.merged.set('trend-0003', 'trend-0001');
  const { details, histories } = await readSnapshot(apiClient(api.url));
  assert.deepEqual(
    details.map((d) => d.id),
    ['trend-0001', 'trend-0004', 'trend-0005', 'trend-0006'],
  );
  const forgotten = { trend_id: 'trend-0004', total: 0, items: [] };
  assert.deepEqual(histories.get('trend-0004'), forgotten, 'forgotten between its detail and its history');
});

test('mapLimited keeps order and its limit', async () => {
  let running = 0;
  let most = 0;
  const doubled = await mapLimited([5, 1, 3, 2], 2, async (n) => {
    most = Math.max(most, ++running);
    await new Promise((done) => setTimeout(done, n));
    running--;
    return n * 2;
  });
  assert.deepEqual(doubled, [10, 2, 6, 4]);
  assert.equal(most, 2);
});

test('failures are explained in the API’s words', async (t) => {
  const api = await startFakeApi();
  const client = apiClient(api.url, 2000);
  const reason = (promise: Promise<unknown>) => promise.then(() => assert.fail('answered'), explain);
  assert.deepEqual(await reason(client.search({ q: 'x'.repeat(201) })), {
    title: 'The query is not valid',
    lines: ['q: at most 200 characters'],
    status: 400,
  });
  api.failing = true;
  assert.deepEqual(await reason(client.feeds()), {
    title: 'Not ready',
    lines: ['PostgreSQL is not answering.'],
    status: 503,
  });
  await api.close();
  assert.equal((await reason(client.feeds())).title, 'The API is not answering');
  await t.test('an answer in another shape is a failure too', async (t) => {
    const odd = await startFakeApi();
    t.after(() => odd.close());
    odd.data.feeds = { total: 'many' } as never;
    await assert.rejects(
      apiClient(odd.url).feeds(),
      (e) => e instanceof ApiError && /agreed shape/.test(e.message),
    );
  });
});
