import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { busMetrics, createRegistry, serveHealth, type Checks } from './index.ts';

async function serve(t: TestContext, checks: () => Promise<Checks>) {
  const registry = createRegistry('extractor');
  const options = { service: 'extractor', version: '1.2.3', host: '127.0.0.1', port: 0, registry, checks };
  const server = await serveHealth(options);
  t.after(() => server.close());
  const get = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);
  return { ...server, registry, get };
}

test('/health: 200 where all is there, 503 where something is not, and says what', async (t) => {
  let redis: Checks[string] = { ok: true };
  const { get } = await serve(t, async () => ({ postgres: { ok: true }, redis }));
  const well = await get('/health');
  assert.equal(well.status, 200);
  assert.match(well.headers.get('content-type') ?? '', /json/);
  assert.deepEqual(await well.json(), {
    status: 'ok',
    service: 'extractor',
    version: '1.2.3',
    checks: { postgres: { ok: true }, redis: { ok: true } },
  });

  redis = { ok: false, detail: 'no answer' };
  const ill = await get('/health');
  assert.equal(ill.status, 503);
  const body = (await ill.json()) as { status: string; checks: Checks };
  assert.deepEqual([body.status, body.checks['redis']], ['degraded', redis]);
});

test('a check that throws is a 500 and not a service that hangs', async (t) => {
  const { get } = await serve(t, async () => {
    throw new Error('the check is broken');
  });
  const response = await get('/health');
  assert.equal(response.status, 500);
  assert.equal(await response.text(), 'the check is broken');
});

test('/metrics: what the bus counts, with the service as a label', async (t) => {
  const { get, registry } = await serve(t, async () => ({}));
  const metrics = busMetrics(registry);
  metrics.handled('topics_built', 0.3);
  metrics.retried('topics_built');
  metrics.retried('topics_built');
  metrics.failed('trends_built');
  metrics.dead('trends_built');
  const response = await get('/metrics');
  assert.equal(response.status, 200);
  const lines = (await response.text()).split('\n');
  const value = (name: string, event: string): number => {
    const line = lines.find((l) => l.startsWith(`${name}{`) && l.includes(`event="${event}"`));
    assert.match(line ?? '', /service="extractor"/, name);
    return Number(line!.split(' ').at(-1));
  };
  assert.equal(value('afk_events_retried_total', 'topics_built'), 2);
  assert.equal(value('afk_events_failed_total', 'trends_built'), 1);
  assert.equal(value('afk_events_dead_total', 'trends_built'), 1);
  assert.equal(value('afk_event_seconds_count', 'topics_built'), 1);
  assert.equal(value('afk_event_seconds_sum', 'topics_built'), 0.3);
  assert.ok(lines.some((l) => l.startsWith('process_resident_memory_bytes')));
});

test('anything else is a 404 that says what there is', async (t) => {
  const { get } = await serve(t, async () => ({}));
  for (const path of ['/', '/healthz', '/health/../etc/passwd']) {
    const response = await get(path);
    assert.equal(response.status, 404);
    assert.match(await response.text(), /\/health and \/metrics/);
  }
});

test('a port that is taken is told, and closing does not wait for idle connections', async (t) => {
  const first = await serve(t, async () => ({}));
  await (await first.get('/health')).text();
  const { registry } = first;
  const same = { service: 'x', version: '0', host: '127.0.0.1', port: first.port, registry };
  await assert.rejects(serveHealth({ ...same, checks: async () => ({}) }), /EADDRINUSE/);
  const started = performance.now();
  await first.close();
  assert.ok(performance.now() - started < 1000);
});
