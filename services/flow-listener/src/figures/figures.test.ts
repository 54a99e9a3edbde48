import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { pipelineNames } from '@afk/bus';
import { createPool } from '@afk/database';
import { createRegistry } from '@afk/runtime';
import { bench, pipeline } from '../testing/bench.ts';
import { addFigures } from './figures.ts';
import { stagesOf } from './stages.ts';

let b: Awaited<ReturnType<typeof bench>>;
beforeEach(async () => (b = await bench()));
afterEach(() => b.close());

type Given = Partial<Pick<Parameters<typeof addFigures>[1], 'db' | 'redis'>>;

/** The figures as Prometheus reads them, without the labels that all have. */
async function figures(given: Given = {}): Promise<Record<string, number>> {
  const registry = createRegistry('flow-listener');
  const names = pipelineNames(b.env, pipeline);
  const services = Object.keys(pipeline.services);
  addFigures(registry, { db: b.db, redis: b.redis, names, services, maxAgeMs: 0, ...given });
  const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith('afk_'));
  return Object.fromEntries(
    lines.map((line) => {
      const [, name = '', value] = /^(.*) (\S+)$/.exec(line) ?? [];
      return [name.replaceAll(/,?service="flow-listener"(?=})|{}/g, '').replace('{}', ''), Number(value)];
    }),
  );
}

const first = '01990000-0000-7000-8000-00000000000a';
const second = '01990000-0000-7000-8000-00000000000b';

test('before the first run: no run, no feed, nothing dead', async () => {
  const found = await figures();
  assert.equal(found['afk_last_run_timestamp_seconds'], 0);
  assert.equal(found['afk_last_run_seconds'], undefined);
  assert.deepEqual(
    ['running', 'complete', 'failed'].map((status) => found[`afk_runs_last_day{status="${status}"}`]),
    [0, 0, 0],
  );
  assert.deepEqual(
    ['new', 'ok', 'not_modified', 'failing'].map((state) => found[`afk_feeds{state="${state}"}`]),
    [0, 0, 0, 0],
  );
  for (const service of Object.keys(pipeline.services)) {
    assert.equal(
      found[`afk_dead_letters{service="${service}"}`],
      service === 'flow-listener' ? undefined : 0,
    );
  }
  assert.equal(found['afk_headlines'], 0);
  assert.ok(found['afk_database_bytes']! > 1e6);
  assert.ok(found['afk_redis_memory_bytes']! > 1e5);
  assert.ok(found['afk_redis_memory_max_bytes']! >= 0);
  assert.deepEqual([found['afk_store_up{store="postgres"}'], found['afk_store_up{store="redis"}']], [1, 1]);
});

test('runs, their stages, feeds and headlines are those of the database', async () => {
  await b.rows(`insert into feeds (url, source, state, active, created_at) values
    ('http://a', 'opml', 'ok', true, now()), ('http://b', 'opml', 'failing', true, now()),
    ('http://c', 'opml', 'failing', true, now()), ('http://d', 'opml', 'failing', false, now())`);
  await b.rows(`insert into headlines (id, key, feed_id, batch_id, title, url, publisher, language, published_at,
      first_seen_at) select gen_random_uuid(), n::text, (select min(id) from feeds), '${first}', 't', 'u', 'p', 'en',
      now(), now() from generate_series(1, 7) as n`);
  await b.rows(`insert into batches (id, trigger_id, correlation_id, as_of, status, started_at, finished_at, headlines)
    values ('${first}', 't1', 'c1', now(), 'complete', '2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z', 3),
           ('${second}', 't2', 'c2', now(), 'complete', now(), '2026-01-02T00:00:10Z', 7),
           (gen_random_uuid(), 't3', 'c3', now(), 'failed', now(), now(), null),
           (gen_random_uuid(), 't4', 'c4', now(), 'running', now(), null, null)`);
  const event = (at: string, name: string, n: number): string =>
    `('2026-01-02T00:00:${at}Z', 'x', '${name}', 'e${n}', '${second}', 'c2', '{}')`;
  await b.rows(`insert into flow_log (at, channel, event, event_id, batch_id, correlation_id, payload) values
    ${event('00.0', 'trigger-xml-headlines-extractor', 1)}, ${event('02.5', 'xml_processing_complete', 2)},
    ${event('03.0', 'headlines_classified', 3)}, ${event('09.0', 'index_complete', 4)},
    ${event('09.1', 'saved_search_matched', 5)}, ${event('10.0', 'site_built', 6)}`);
  const found = await figures();
  assert.equal(found['afk_last_run_timestamp_seconds'], Date.parse('2026-01-02T00:00:10Z') / 1000);
  assert.equal(found['afk_last_run_seconds'], 10);
  assert.equal(found['afk_last_run_headlines'], 7);
  const stages = Object.entries(found).filter(([name]) => name.startsWith('afk_last_run_stage_seconds'));
  assert.deepEqual(
    stages.map(([name, seconds]) => [/stage="(\w+)"/.exec(name)?.[1], seconds]),
    [
      ['xml_processing_complete', 2.5],
      ['headlines_classified', 0.5],
      ['index_complete', 6],
      ['site_built', 1],
    ],
  );
  assert.equal(found['afk_runs_last_day{status="complete"}'], 1);
  assert.equal(found['afk_runs_last_day{status="failed"}'], 1);
  assert.equal(found['afk_runs_last_day{status="running"}'], 1);
  assert.equal(found['afk_feeds{state="failing"}'], 2);
  assert.equal(found['afk_feeds{state="ok"}'], 1);
  assert.equal(found['afk_headlines'], 7);
});

test('dead letters are counted by the service that they are of, while they lie there', async () => {
  const dead = pipelineNames(b.env, pipeline).dead('extractor');
  for (let n = 0; n < 3; n++) await b.redis.xadd(dead, '*', 'letter', '{}');
  assert.equal((await figures())['afk_dead_letters{service="extractor"}'], 3);
  await b.redis.del(dead);
  assert.equal((await figures())['afk_dead_letters{service="extractor"}'], 0);
});

test('a store that is away is said to be, and the other is asked all the same', async () => {
  const db = createPool('postgres://nobody@127.0.0.1:1/none', { size: 1, name: 'test' });
  const found = await figures({ db });
  await db.end();
  assert.deepEqual([found['afk_store_up{store="postgres"}'], found['afk_store_up{store="redis"}']], [0, 1]);
  assert.equal(found['afk_headlines'], undefined);
  assert.equal(found['afk_dead_letters{service="extractor"}'], 0);
});

test('stages that ended in another order than their clocks say take no time, never less', () => {
  const events = [
    { at: '2026-01-01T00:00:00Z', event: 'trigger-xml-headlines-extractor' },
    { at: '2026-01-01T00:00:05Z', event: 'xml_processing_complete' },
    { at: '2026-01-01T00:00:04Z', event: 'headlines_classified' },
  ];
  assert.deepEqual(stagesOf(events), {
    stages: [
      { stage: 'xml_processing_complete', seconds: 5 },
      { stage: 'headlines_classified', seconds: 0 },
    ],
    seconds: 5,
  });
  assert.deepEqual(stagesOf([]), { stages: [], seconds: undefined });
});
