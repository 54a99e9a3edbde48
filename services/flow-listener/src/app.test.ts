import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineService, derivedId } from '@afk/bus';
import { beginBatch, createPool } from '@afk/database';
import { bench, pipeline, until } from './testing/bench.ts';
import { gate } from './testing/gate.ts';

let b: Awaited<ReturnType<typeof bench>>;
beforeEach(async () => (b = await bench()));
afterEach(() => b.close());

const batchId = '01990000-0000-7000-8000-00000000000a';
const completed = { batch_id: batchId, status: 'ok', count: 1, model: 'test' };
const count = async () => (await b.logged()).length;
/** Emits `n` events. @returns their ids, in order */
async function emitSome(n: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < n; i++) ids.push(await b.emit('classifier-bridge', 'headlines_classified', completed));
  return ids;
}
const loggedIds = async () => (await b.logged()).map((r) => r.event_id);

test('everything published is logged once, though an event is heard and lies on a stream', async () => {
  const listener = await b.start();
  const ids = await emitSome(50);
  await b.publish('config:changes', '{"revision":3}');
  await b.publish('something', 'not json {');
  await until('52 rows', async () => (await count()) === 52);
  await listener.close();
  await b.start();
  await sleep(400);
  const rows = await b.logged();
  assert.deepEqual(
    rows.slice(0, 50).map((r) => r.event_id),
    ids,
  );
  assert.deepEqual(
    rows.slice(50).map((r) => [r.channel, r.raw]),
    [
      ['config:changes', null],
      ['something', 'not json {'],
    ],
  );
});

test('started late it finds on the streams what it missed, with the time at which it was emitted', async () => {
  const before = Date.now();
  const ids = await emitSome(700);
  await b.emit('front', 'site_built', { batch_id: batchId, status: 'ok', pages: 1 });
  await sleep(300);
  await b.start();
  await until('701 rows', async () => (await count()) === 701);
  assert.deepEqual(
    (await loggedIds()).filter((id) => ids.includes(id!)),
    ids,
  );
  const [{ latest }] = (await b.rows<{ latest: Date }>('select max(at) as latest from flow_log')) as [
    { latest: Date },
  ];
  assert.ok(latest.getTime() >= before && latest.getTime() < Date.now() - 250, 'not the time of reading');
});

test('a connection to Redis that is cut: what was emitted meanwhile is logged', async () => {
  await b.start();
  await emitSome(3);
  const clients = String(await b.redis.call('CLIENT', 'LIST', 'TYPE', 'pubsub')).split('\n');
  const own = clients.filter((line) => line.includes('name=afk:flow-listener:subscriber'));
  assert.equal(own.length, 1);
  await b.redis.client('KILL', 'ID', /id=(\d+)/.exec(own[0]!)![1]!);
  const ids = await emitSome(20);
  await until('23 rows', async () => (await count()) === 23);
  // Some were heard again at once, the others read from the stream.
  assert.deepEqual((await loggedIds()).slice(3).toSorted(), ids);
  await b.publish('after', 'heard again');
  await until('the next message', async () => (await count()) === 24);
});

test('PostgreSQL connections terminated again and again: nothing is lost, nothing twice', async () => {
  await b.start();
  const ids: string[] = [];
  for (let round = 0; round < 5; round++) {
    ids.push(...(await emitSome(60)));
    await b.rows(`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'flow-listener' and datname = current_database()`);
    await sleep(150);
  }
  await until('300 rows', async () => (await count()) >= 300);
  assert.deepEqual(await loggedIds(), ids);
});

test('PostgreSQL away for a while: what only pub/sub knew is logged, too', async () => {
  const way = await gate(b.databaseUrl);
  const db = createPool(way.url, { size: 2 });
  const listener = await b.start({ db });
  try {
    const ids = await emitSome(3);
    await until('3 rows', async () => (await count()) === 3);
    way.shut();
    ids.push(...(await emitSome(5)));
    await b.publish('something', 'heard once');
    await until('a failed write', () => b.log.some((l) => l.startsWith('warn flow log not written')));
    assert.equal(await count(), 3);
    way.open();
    await until('9 rows', async () => (await count()) === 9);
    const rows = await b.logged();
    assert.deepEqual(
      rows.map((r) => r.event_id ?? r.raw),
      [...ids, 'heard once'],
    );
  } finally {
    await listener.close();
    await db.end();
    await way.close();
  }
});

test('what is older than the retention goes, at the start and when the clock says so', async () => {
  const insert = (age: string, channel: string) =>
    b.rows(`insert into flow_log (at, channel, raw) values (now() - interval '${age}', '${channel}', 'x')`);
  const channels = async () => (await b.logged()).map((r) => r.channel);
  await insert('49 hours', 'old');
  await insert('47 hours', 'young');
  await b.start({ retentionDays: 2 });
  assert.deepEqual(await channels(), ['young']);
  await insert('50 hours', 'old');
  await b.publish('extractor', '{"event":"trigger-retention"}');
  await b.publish('ofelia', '{"event":"trigger-xml-headlines-extractor"}');
  await sleep(400);
  assert.ok((await channels()).includes('old'), 'not the event, or not the channel');
  await b.publish('ofelia', '{"event":"trigger-retention"}');
  await until('the trim', async () => !(await channels()).includes('old'));
  assert.ok((await channels()).includes('young'));
});

test('an environment hears itself alone', async () => {
  const other = await bench(`${b.env}-eu`);
  try {
    await b.start();
    await other.start();
    await b.emit('extractor', 'extractor_failed', failure('t1'));
    await other.emit('extractor', 'extractor_failed', failure('t2'));
    await b.publish('extractor', '{"id":"mine"}');
    await other.publish('extractor', '{"id":"theirs"}');
    await until('both', async () => (await count()) === 2 && (await other.logged()).length === 2);
    await sleep(300);
    assert.deepEqual(
      (await b.logged()).map((r) => r.channel),
      ['extractor', 'extractor'],
    );
    assert.equal((await loggedIds())[1], 'mine');
    assert.equal((await other.logged())[1]!.event_id, 'theirs');
  } finally {
    await other.close();
  }
});

test('without an ENV, staging-extractor is another’s', async () => {
  const bare = await bench('');
  try {
    await bare.start();
    const id = `test-${b.env}`;
    for (const channel of [
      'staging-extractor',
      'staging-classifier-bridge',
      'staging-ofelia',
      'staging-splade_search:response:1',
      'staging-config:changes',
      'extractor',
      'classifier-bridge',
    ]) {
      await bare.redis.publish(channel, JSON.stringify({ id, event: 'x' }));
    }
    const mine = async () => (await bare.logged()).filter((r) => r.event_id === id).map((r) => r.channel);
    await until('the last', async () => (await mine()).includes('classifier-bridge'));
    assert.deepEqual(await mine(), ['extractor', 'classifier-bridge']);
  } finally {
    await bare.close();
  }
});

const trigger = '{"event":"trigger-xml-headlines-extractor"}';
async function startExtractor(handled: string[]) {
  const { redisUrl, env, logger: log } = b;
  const extractor = defineService('extractor', { pipeline, redisUrl, env, log });
  extractor.on('trigger-xml-headlines-extractor', (event) => void handled.push(event.id));
  extractor.on('trigger-retention', () => assert.fail('nobody sends it'));
  await extractor.start();
  return extractor;
}

test('a bare trigger while the extractor is away is adopted, and handled once when it is back', async () => {
  await b.start();
  await b.publish('ofelia', trigger);
  const onStream = () => b.redis.xlen(b.names.stream('ofelia'));
  await until('the adopted trigger', async () => (await onStream()) === 1);
  const handled: string[] = [];
  const extractor = await startExtractor(handled);
  try {
    await until('the handler', () => handled.length > 0);
    await sleep(300);
    assert.equal(handled.length, 1);
    await until('the log', async () => (await loggedIds()).includes(handled[0]!));
    const rows = await b.logged();
    assert.deepEqual(
      rows.map((r) => r.event_id),
      [null, handled[0]!],
      'as it was sent, and as it was adopted',
    );
  } finally {
    await extractor.close();
  }
});

test('a bare trigger that both hear is handled once', async () => {
  await b.start();
  const handled: string[] = [];
  const extractor = await startExtractor(handled);
  try {
    await b.publish('ofelia', trigger);
    await until('the handler', () => handled.length > 0);
    await sleep(300);
    assert.equal(handled.length, 1);
    assert.equal(await b.redis.xlen(b.names.stream('ofelia')), 1);
  } finally {
    await extractor.close();
  }
});

test('rubbish on a work channel is a dead letter of the service that would have read it', async () => {
  await b.start();
  await b.publish('ofelia', 'nonsense {');
  await until('a dead letter', async () => (await b.redis.xlen(b.names.dead('extractor'))) === 1);
  await until('the log', async () => (await b.logged()).some((r) => r.raw === 'nonsense {'));
});

const failure = (trigger: string) => ({
  status: 'error',
  service: 'extractor',
  failed_event: 'trigger-xml-headlines-extractor',
  failed_id: trigger,
  reason: 'no feeds',
  attempts: 1,
});
async function begin(id: string, triggerId: string): Promise<void> {
  await beginBatch(b.db, { id, triggerId, correlationId: triggerId, asOf: new Date() });
}
const batch = async (id = batchId) =>
  (
    await b.rows<{
      status: string;
      finished_at: Date | null;
      headlines: number | null;
      topics: number | null;
    }>(`select status, finished_at, headlines, topics from batches where id = '${id}'`)
  )[0]!;

test('a batch: its counts as they come, complete when the page stands', async () => {
  await b.start();
  await begin(batchId, 't1');
  await b.emit('extractor', 'xml_processing_complete', {
    ...{ batch_id: batchId, status: 'partial', count: 12, items: 30, feeds: 3, feeds_failed: 1 },
    ...{ feeds_not_modified: 1, as_of: new Date().toISOString() },
  });
  await b.emit('topic-builder', 'topics_built', { ...completed, count: 4, headlines: 12 });
  await until('the counts', async () => (await batch()).topics === 4);
  const { status, headlines, finished_at } = await batch();
  assert.deepEqual(
    { status, headlines, finished_at },
    { status: 'running', headlines: 12, finished_at: null },
  );
  await b.emit('front', 'site_built', { batch_id: batchId, status: 'ok', pages: 3 });
  await until('complete', async () => (await batch()).status === 'complete');
  assert.ok((await batch()).finished_at! <= new Date());
});

test('a batch fails with its stage, also in the extractor; a replay that ends well completes it', async () => {
  await b.start();
  const early = derivedId('batch', 't2');
  await begin(batchId, 't1');
  await begin(early, 't2');
  const stage = { ...failure('e9'), service: 'topic-builder', batch_id: batchId };
  await b.emit('topic-builder', 'topic-builder_failed', stage);
  await b.emit('extractor', 'extractor_failed', failure('t2'));
  for (const id of [batchId, early]) await until('failed', async () => (await batch(id)).status === 'failed');
  await b.emit('front', 'site_built', { batch_id: batchId, status: 'ok', pages: 3 });
  await until('complete', async () => (await batch()).status === 'complete');
  await b.emit('topic-builder', 'topic-builder_failed', { ...stage, attempts: 2 });
  await sleep(400);
  assert.equal((await batch()).status, 'complete');
});

test('healthy while Redis answers; closed it writes no more', async () => {
  const listener = await b.start();
  assert.equal(await listener.healthy(), true);
  await listener.close();
  assert.equal(await listener.healthy(), false);
  await emitSome(1);
  await sleep(400);
  assert.equal(await count(), 0);
});
