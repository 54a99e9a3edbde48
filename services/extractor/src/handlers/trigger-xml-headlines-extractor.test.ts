import assert from 'node:assert/strict';
import { after, afterEach, beforeEach, test } from 'node:test';
import type { EventFields } from '@afk/contracts';
import { saveFeeds } from '@afk/database';
import { bench } from '../testing/bench.ts';
import { rss, rssOf } from '../testing/feeds.ts';
import { feed, playServer } from '../testing/http-server.ts';
import { extract } from './trigger-xml-headlines-extractor.ts';

const web = await playServer();
let b: Awaited<ReturnType<typeof bench>>;
beforeEach(async () => (b = await bench()));
afterEach(() => b.close());
after(() => web.close());

/** Serves these documents, and makes them the feeds of the run. */
async function feeds(documents: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(documents)) web.on(path, feed(text));
  await addFeeds(Object.keys(documents));
}
async function addFeeds(paths: readonly string[]): Promise<void> {
  const entries = paths.map((path) => ({ url: web.url(path), title: '', language: null }));
  await saveFeeds(b.db, entries, { source: 'imported', at: new Date() });
}
const count = async (table: string) =>
  (await b.rows<{ n: number }>(`select count(*)::int as n from ${table}`))[0]!.n;

test('the first run stores, the second is told 304 and adds no row', async () => {
  await feeds({ '/a': rssOf(10), '/b': rssOf(10, 5) });
  const first = await b.run();
  assert.equal(first.event, 'xml_processing_complete');
  const { status, count: stored, items, feeds: all, feeds_failed, feeds_not_modified } = first;
  assert.deepEqual(
    { status, stored, items, all, feeds_failed, feeds_not_modified },
    { status: 'ok', stored: 15, items: 20, all: 2, feeds_failed: 0, feeds_not_modified: 0 },
  );
  assert.equal(await count('headlines'), 15);
  const asked = web.asked.length;
  const second = await b.run();
  assert.deepEqual(
    [second['status'], second['count'], second['items'], second['feeds_not_modified']],
    ['ok', 0, 0, 2],
  );
  assert.equal(web.asked.length, asked + 2);
  assert.equal(await count('headlines'), 15);
  assert.equal(await count('batches'), 2);
  const states = await b.rows('select state, title, failures from feeds order by id');
  assert.deepEqual(
    states,
    Array.from({ length: 2 }, () => ({ state: 'not_modified', title: 'The Lamp', failures: 0 })),
  );
});

test('one bad feed is recorded, with its reason and how often; the others are stored', async () => {
  await feeds({ '/good': rssOf(3), '/bad': '<!doctype html><p>Sign in', '/fine': rssOf(3, 10) });
  await addFeeds(['/gone']);
  const event = await b.run();
  assert.deepEqual([event['status'], event['count'], event['feeds_failed']], ['partial', 6, 2]);
  await b.run();
  const bad = await b.rows(
    `select state, last_error, failures from feeds where state = 'failing' order by id`,
  );
  assert.deepEqual(bad, [
    {
      state: 'failing',
      last_error: 'neither RSS, Atom nor JSON Feed; it begins with "<!doctype html><p>Sign in"',
      failures: 2,
    },
    { state: 'failing', last_error: 'the server answered 404 Not Found', failures: 2 },
  ]);
  web.on('/bad', feed(rssOf(2, 20)));
  assert.equal((await b.run())['count'], 2);
  const [mended] = await b.rows(`select state, last_error, failures from feeds where url like '%/bad'`);
  assert.deepEqual(mended, { state: 'ok', last_error: null, failures: 0 });
});

test('nothing but bad feeds: status error, and the run goes on', async () => {
  await addFeeds(['/none-1', '/none-2']);
  const event = await b.run();
  assert.deepEqual([event['status'], event['count'], event['feeds_failed']], ['error', 0, 2]);
  assert.equal((await b.dead()).length, 0);
});

test('the same trigger handled twice is one batch, and the same event with the same id', async () => {
  await feeds({ '/twice': rssOf(7) });
  const id = await b.send({}, 2);
  await b.settled();
  const events = await b.emitted();
  // Delivered once, it would be one; here it was put on the stream twice. Whoever listens knows it by its id.
  assert.equal(new Set(events.map((e) => e['id'])).size, 1);
  assert.deepEqual(new Set(events.map((e) => e['count'])), new Set([7]));
  assert.equal(events[0]!['correlation_id'], id);
  assert.deepEqual(await b.rows('select id, trigger_id from batches'), [
    { id: events[0]!['batch_id'], trigger_id: id },
  ]);
  assert.equal(await count('headlines'), 7);
});

type Emitted = EventFields<'xml_processing_complete'>;
function handle(fields: object, signal = new AbortController().signal): Promise<Emitted> {
  const event = {
    event: 'x',
    id: 'e1',
    correlation_id: 'e1',
    timestamp: new Date().toISOString(),
    ...fields,
  };
  return new Promise((resolve, reject) => {
    const emit = (_name: string, emitted: unknown): void => resolve(emitted as Emitted);
    extract(b.deps)(event as never, { emit, signal, log: b.deps.log, attempt: 1 } as never).catch(reject);
  });
}

test('a run that crashed before its event was out counts the same the next time', async () => {
  await feeds({ '/crash': rssOf(7) });
  const first = await handle({});
  const second = await handle({});
  assert.deepEqual([second.count, second.batch_id], [7, first.batch_id]);
  assert.equal(second.feeds_not_modified, 1);
  assert.equal(second.as_of, first.as_of);
  assert.equal((await handle({ id: 'e2' })).count, 0);
});

test('as_of in the trigger is the clock of the batch, and later dates stay as they are', async () => {
  const later = 'Sun, 01 Feb 2026 00:00:00 GMT';
  const items = [
    { title: 'No date', link: 'https://lamp.example/1' },
    { title: 'Later', link: 'https://lamp.example/2', date: later },
  ];
  await feeds({ '/replay': rss(items) });
  const event = await b.run({ as_of: '2026-01-01T10:00:00+01:00' });
  assert.equal(event['as_of'], '2026-01-01T09:00:00.000Z');
  const dates = await b.rows<{ published_at: Date; first_seen_at: Date }>(
    'select published_at, first_seen_at from headlines order by url',
  );
  assert.equal(dates[0]!.published_at.toISOString(), '2026-01-01T09:00:00.000Z');
  assert.equal(dates[0]!.first_seen_at.toISOString(), '2026-01-01T09:00:00.000Z');
  assert.equal(dates[1]!.published_at.toISOString(), '2026-02-01T00:00:00.000Z');
  const [batch] = await b.rows<{ as_of: Date }>('select as_of from batches');
  assert.equal(batch!.as_of.toISOString(), '2026-01-01T09:00:00.000Z');
});

test('AFK_AS_OF is the clock of runs that name none', async () => {
  b.deps.asOf = new Date('2026-01-02T00:00:00Z');
  await feeds({ '/clock': rssOf(1) });
  assert.equal((await b.run())['as_of'], '2026-01-02T00:00:00.000Z');
  assert.equal((await b.run({ as_of: '2026-01-03T00:00:00Z' }))['as_of'], '2026-01-03T00:00:00.000Z');
});

test('200 overlapping feeds at once do not wait for each other for ever', async () => {
  const documents: Record<string, string> = {};
  for (let pair = 0; pair < 100; pair++) {
    const items = Array.from({ length: 20 }, (_, i) => ({
      title: `Item ${i}`,
      link: `https://lamp.example/${pair}/${i}`,
    }));
    documents[`/overlap-${pair}-up`] = rss(items);
    documents[`/overlap-${pair}-down`] = rss(items.toReversed());
  }
  await feeds(documents);
  // Slow enough that transactions meet: without an order of the rows, the first ones block each other.
  await b.rows(`create function slow() returns trigger language plpgsql as
    $$ begin perform pg_sleep(0.001); return new; end $$`);
  await b.rows('create trigger slow before insert on headlines for each row execute function slow()');
  b.deps.concurrency = 200;
  const event = await b.run();
  assert.deepEqual([event['status'], event['count'], event['items']], ['ok', 2000, 4000]);
  assert.equal((await b.dead()).length, 0);
  assert.deepEqual(
    b.log.filter((l) => l.startsWith('warn')),
    [],
    'no attempt failed',
  );
});

test('PostgreSQL lost in the middle of a run: it is run again, and no feed is blamed', async () => {
  await feeds({ '/calm': rssOf(3), '/loses': rssOf(3, 50), '/after': rssOf(3, 90) });
  await b.rows('create sequence attempts');
  await b.rows(`create function lose() returns trigger language plpgsql as
    $$ begin if nextval('attempts') = 1 then perform pg_terminate_backend(pg_backend_pid()); end if;
    return new; end $$`);
  await b.rows(`create trigger lose before insert on headlines for each row
    when (new.url = 'https://lamp.example/51') execute function lose()`);
  const event = await b.run();
  assert.equal(b.log.filter((l) => l.startsWith('warn will try again')).length, 1);
  assert.deepEqual([event['status'], event['count']], ['ok', 9]);
  assert.equal(await count('headlines'), 9);
  assert.equal(await count(`feeds where failures > 0 or state = 'failing'`), 0);
});

test('a stop in the middle of a run is no fault of the feeds', async () => {
  await feeds({ '/before': rssOf(3) });
  web.on('/hangs', () => {});
  await addFeeds(['/hangs']);
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('the service is stopping')), 300);
  const started = performance.now();
  await assert.rejects(handle({}, stop.signal), /the service is stopping/);
  assert.ok(performance.now() - started < 2000, 'at once, not by the time-out');
  assert.equal(await count(`feeds where state = 'failing'`), 0);
});

test('a feed that PostgreSQL refuses fails alone', async () => {
  await feeds({ '/poison': rssOf(1), '/healthy': rssOf(3, 10) });
  await b.rows(`create function refuse() returns trigger language plpgsql as
    $$ begin raise exception using errcode = '22021', message = 'invalid byte sequence'; end $$`);
  await b.rows(`create trigger refuse before insert on headlines for each row
    when (new.url = 'https://lamp.example/0') execute function refuse()`);
  const event = await b.run();
  assert.deepEqual([event['status'], event['count'], event['feeds_failed']], ['partial', 3, 1]);
  const [bad] = await b.rows(`select last_error from feeds where state = 'failing'`);
  assert.deepEqual(bad, { last_error: 'invalid byte sequence' });
});

test('a feed that takes the parser too long fails alone', async () => {
  const hostile = `<rss version="2.0"><channel><title>t</title><item><title>${'<'.repeat(1_000_000)}`;
  await feeds({ '/hostile': hostile, '/quick': rssOf(3) });
  const event = await b.run();
  assert.deepEqual([event['status'], event['count'], event['feeds_failed']], ['partial', 3, 1]);
  const [bad] = await b.rows(`select last_error from feeds where state = 'failing'`);
  assert.deepEqual(bad, { last_error: 'it cannot be read within 3 s' });
});
