import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { connect, namesOf } from '@afk/bus';
import { PipelineError } from '@afk/contracts';
import { freePort, freshDatabase, testEnv, testRedisUrl } from '@afk/local/testing';
import { readPipeline, type Checks } from './index.ts';
import { startChild } from './testing/child.ts';

const PIPELINE_FILE = fileURLToPath(new URL('../../../pipeline.json', import.meta.url));

async function surroundings() {
  const database = await freshDatabase();
  const [REDIS_URL, HEALTH_PORT, ENV] = [await testRedisUrl(), await freePort(), testEnv()];
  return {
    database,
    health: `http://127.0.0.1:${HEALTH_PORT}/health`,
    metrics: `http://127.0.0.1:${HEALTH_PORT}/metrics`,
    env: { PIPELINE_FILE, REDIS_URL, ENV, DATABASE_URL: database.url, HEALTH_PORT: String(HEALTH_PORT) },
  };
}

test('a service of the pipeline: takes an event, emits its own, tells how it is, goes at SIGTERM', async (t) => {
  const { env, health, metrics, database } = await surroundings();
  t.after(() => database.drop());
  const child = startChild(t, 'bus-service.ts', env);
  await child.logged('started');
  const well = await fetch(health);
  assert.equal(well.status, 200);
  const body = (await well.json()) as { service: string; checks: object };
  assert.deepEqual([body.service, body.checks], ['front', { redis: { ok: true }, postgres: { ok: true } }]);

  const redis = await connect(env.REDIS_URL, 'command', 'test');
  t.after(() => redis.disconnect());
  const names = namesOf(env.ENV);
  const event = {
    event: 'index_complete',
    batch_id: '0199aaaa-0000-7000-8000-000000000001',
    status: 'ok',
    count: 7,
    total: 7,
    timestamp: new Date().toISOString(),
  };
  await redis.publish(names.channel('semantic-matcher'), JSON.stringify(event));
  let built: [string, string[]][] = [];
  while (built.length === 0) built = await redis.xrange(names.stream('front'), '-', '+');
  assert.equal((JSON.parse(built[0]![1][1]!) as { pages: number }).pages, 7);
  const figures = await (await fetch(metrics)).text();
  assert.match(figures, /afk_event_seconds_count\{[^}]*event="index_complete"[^}]*\} 1/);

  assert.match(figures, /afk_events_lag\{[^}]*channel="semantic-matcher"[^}]*\} 0/);
  assert.match(figures, /afk_events_pending\{[^}]*channel="semantic-matcher"[^}]*\} 0/);
  const said = child.lines().find((l) => l.msg === 'building')!;
  const { correlation_id: correlationId } = JSON.parse(built[0]![1][1]!) as { correlation_id: string };
  assert.equal(said['correlationId'], correlationId, 'a line that a handler writes names its run');

  child.process.kill('SIGTERM');
  assert.equal((await child.exited).code, 0);
  assert.equal(await redis.zcard(names.retry('front')), 0);
});

test('PostgreSQL gone while it runs: /health says so, and the process lives on', async (t) => {
  const { env, health, database } = await surroundings();
  const child = startChild(t, 'bus-service.ts', env);
  await child.logged('started');
  assert.equal((await fetch(health)).status, 200);
  await database.drop();
  const response = await fetch(health);
  assert.equal(response.status, 503);
  const { checks } = (await response.json()) as { checks: Checks };
  assert.deepEqual(checks['redis'], { ok: true });
  assert.equal(checks['postgres']!.ok, false);
  assert.ok(checks['postgres']!.detail);
  assert.equal(child.process.exitCode, null);
});

test('Redis out of reach: exit 70 with the address and without the password', async (t) => {
  const REDIS_URL = 'redis://:hunter2@127.0.0.1:1';
  const DATABASE_URL = 'postgres://afk:hunter2@127.0.0.1:1/afk';
  const child = startChild(t, 'bus-service.ts', { PIPELINE_FILE, REDIS_URL, DATABASE_URL });
  assert.equal((await child.exited).code, 70);
  const fatal = child.lines().find((l) => l.level === 'fatal')!;
  assert.match(fatal.msg, /^cannot start: cannot reach Redis at redis:\/\/127\.0\.0\.1:1/);
  const { stdout, stderr } = child.output();
  assert.doesNotMatch(stdout + stderr, /hunter2/);
});

test('a pipeline that is not there, or cannot run, is told by its file', async (t) => {
  assert.equal(readPipeline(PIPELINE_FILE).pipeline.name, 'AFK');
  assert.throws(
    () => readPipeline('/nowhere/pipeline.json'),
    (error: Error) => error instanceof PipelineError && /\/nowhere\/pipeline\.json/.test(error.message),
  );
  assert.throws(() => readPipeline(fileURLToPath(import.meta.url)), /it is not JSON/);
  const env = { PIPELINE_FILE: '/nowhere/pipeline.json', DATABASE_URL: 'postgres://afk@127.0.0.1:1/afk' };
  const child = startChild(t, 'bus-service.ts', env);
  assert.equal((await child.exited).code, 70);
  assert.match(child.lines()[0]!.msg, /cannot start: pipeline\.json cannot run:\n.*\/nowhere/);
});
