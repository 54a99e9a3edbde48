import assert from 'node:assert/strict';
import { after, afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPool } from '@afk/database';
import { toFlowRow } from './domain/flow-row.ts';
import { Recorder } from './recorder.ts';
import { bench, until } from './testing/bench.ts';

let b: Awaited<ReturnType<typeof bench>>;
beforeEach(async () => (b = await bench()));
afterEach(() => b.close());
const nowhere = createPool('postgres://nobody@127.0.0.1:1/none');
after(() => nowhere.end());

const at = new Date();
const row = (n: number, more: object = {}) =>
  toFlowRow('extractor', JSON.stringify({ event: 'x', id: `e${n}`, ...more }), at);
const ids = async () => (await b.logged()).map((r) => r.event_id);
const upTo = (n: number, from = 0) => Array.from({ length: n - from }, (_, i) => `e${from + i}`);

test('rows are written in the order in which they came, soon, and each event once', async () => {
  const recorder = new Recorder(b.db, b.logger);
  for (let n = 0; n < 1200; n++) recorder.add(row(n));
  recorder.add(row(7));
  await until('1200 rows', async () => (await ids()).length === 1200);
  recorder.add(row(1199));
  recorder.add(row(1200));
  await recorder.close();
  assert.deepEqual(await ids(), upTo(1201));
});

test('one message that PostgreSQL refuses is left out and told; the rest is stored', async () => {
  const recorder = new Recorder(b.db, b.logger);
  for (let n = 0; n < 40; n++) recorder.add(row(n));
  recorder.add({ ...row(40), payload: { text: 'half: \ud83d' } });
  for (let n = 41; n < 80; n++) recorder.add(row(n));
  await recorder.flush();
  assert.deepEqual(await ids(), [...upTo(40), ...upTo(80, 41)]);
  const told = b.log.filter((l) => l.startsWith('error flow log: message left out'));
  assert.equal(told.length, 1);
  await recorder.close();
});

test('what cannot be written waits; what is added meanwhile comes after it', async () => {
  await b.rows('alter table flow_log rename to elsewhere');
  const recorder = new Recorder(b.db, b.logger);
  recorder.add(row(0));
  recorder.add(row(1));
  await recorder.flush();
  recorder.add(row(2));
  await b.rows('alter table elsewhere rename to flow_log');
  await until('three rows', async () => (await ids()).length === 3);
  assert.deepEqual(await ids(), upTo(3));
  await recorder.close();
});

test('too much to wait: the oldest go, and it says so', async () => {
  await b.rows('alter table flow_log rename to elsewhere');
  const recorder = new Recorder(b.db, b.logger, { maxWaiting: 1000 });
  for (let n = 0; n < 900; n++) recorder.add(row(n));
  const writing = recorder.flush();
  for (let n = 900; n < 1700; n++) recorder.add(row(n));
  await writing;
  for (let n = 1700; n < 1800; n++) recorder.add(row(n));
  await b.rows('alter table elsewhere rename to flow_log');
  await recorder.close();
  const stored = await ids();
  const dropped = b.log.filter((l) => l.includes('oldest messages dropped')).length * 500;
  assert.ok(dropped > 0);
  assert.equal(stored.length, 1800 - dropped);
  assert.ok(stored.length <= 1000);
  assert.equal(stored.at(-1), 'e1799');
  assert.deepEqual(stored.slice(-600), upTo(1800, 1200), 'the newest are all there');
});

test('closed without a PostgreSQL: it ends, and does not come back', async () => {
  const recorder = new Recorder(nowhere, b.logger);
  recorder.add(row(0));
  await recorder.close();
  const warned = b.log.length;
  recorder.add(row(1));
  await sleep(2300);
  assert.equal(b.log.length, warned);
});
