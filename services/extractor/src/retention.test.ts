import assert from 'node:assert/strict';
import { after, afterEach, beforeEach, test } from 'node:test';
import { saveFeeds } from '@afk/database';
import { bench } from './testing/bench.ts';
import { rss, type TestItem } from './testing/feeds.ts';
import { playServer } from './testing/http-server.ts';

const DAY = 86_400_000;
const start = new Date('2026-01-01T12:00:00Z');
const day = (n: number): Date => new Date(start.getTime() + n * DAY);
const item = (title: string, at: Date): TestItem => ({
  title: `The news of ${title}`,
  link: `https://lamp.example/${title}`,
  date: at.toUTCString(),
});

const web = await playServer();
let b: Awaited<ReturnType<typeof bench>>;
beforeEach(async () => {
  b = await bench({ retentionDays: 30 });
  await follow('/feed', day(0));
});
afterEach(() => b.close());
after(() => web.close());

const follow = (path: string, at: Date) =>
  saveFeeds(b.db, [{ url: web.url(path), title: '', language: 'en' }], { source: 'imported', at });
const serve = (items: readonly TestItem[], path = '/feed'): void =>
  web.on(path, (_request, response) => response.end(rss(items)));
const runAt = (at: Date) => b.run({ as_of: at.toISOString() });
/** The clock's other job, at that time. @returns what it said when it was done */
const forgetAt = (at: Date) => {
  b.deps.asOf = at;
  return b.run({ event: 'trigger-retention' });
};
const titles = async (): Promise<string[]> =>
  (await b.rows<{ title: string }>('select title from headlines order by title')).map((r) =>
    r.title.replace('The news of ', ''),
  );

test('what was published and first seen too long ago goes; what is younger in either stays', async () => {
  serve([item('old', day(-40)), item('new', day(0))]);
  await runAt(day(0));
  assert.deepEqual(await titles(), ['new', 'old'], 'the archive of a new feed is taken in');
  const early = await forgetAt(day(29));
  assert.deepEqual([early['count'], await titles()], [0, ['new', 'old']], 'seen 29 days ago');
  const { event, status, count, since } = await forgetAt(day(31));
  assert.deepEqual(
    { event, status, count, since },
    { event: 'retention_complete', status: 'ok', count: 2, since: day(1).toISOString() },
  );
  assert.deepEqual(await titles(), []);
  assert.equal((await forgetAt(day(31)))['count'], 0);
});

test('a run forgets nothing by itself', async () => {
  serve([item('old', day(0))]);
  await runAt(day(0));
  serve([item('new', day(60))]);
  await runAt(day(60));
  assert.deepEqual(await titles(), ['new', 'old']);
});

test('a feed that still lists what was deleted does not bring it back as news', async () => {
  const listed = [item('old', day(0)), item('newer', day(20))];
  serve(listed);
  await runAt(day(0));
  await forgetAt(day(35));
  const again = await runAt(day(35));
  assert.deepEqual([again['count'], await titles()], [0, ['newer']]);
  serve([...listed, item('newest', day(36))]);
  const third = await runAt(day(36));
  assert.deepEqual([third['count'], await titles()], [1, ['newer', 'newest']]);
  await follow('/late', day(36));
  serve([item('archive', day(-100))], '/late');
  await runAt(day(37));
  assert.deepEqual(await titles(), ['archive', 'newer', 'newest']);
});

test('what hangs on a headline goes with it; trends and their history stay', async () => {
  serve([item('old', day(0))]);
  await runAt(day(0));
  await b.db.query(`
    insert into trends (id, label, central, keywords, languages, status, score, velocity, headlines, publishers, sparkline,
                        first_seen, last_seen, born_batch, updated_batch)
    select id, title, id, '{}', '{}', 'dormant', 1, 0, 1, 1, '{}', published_at, published_at, batch_id, batch_id
      from headlines;
    insert into trend_headlines (headline_id, trend_id) select id, id from headlines;
    insert into trend_points (trend_id, at, minutes, count) select id, published_at, 180, 1 from headlines;
    insert into trend_events (trend_id, batch_id, at, kind, headlines)
    select id, batch_id, published_at, 'born', 1 from headlines;
    insert into stories (id, central, keywords, examined, batch_id) select id, id, '{}', 1, batch_id from headlines;
    insert into story_headlines (headline_id, item, story_id, vector) select id, id, id, '' from headlines;
    insert into opinions (headline_id, model, probabilities) select id, 'm', '{}' from headlines`);
  await forgetAt(day(31));
  const counted = async (table: string) => (await b.rows(`select from ${table}`)).length;
  for (const table of [
    'headlines',
    'trend_headlines',
    'story_headlines',
    'opinions',
    'unevaluated_headlines',
  ]) {
    assert.equal(await counted(table), 0, table);
  }
  for (const table of ['trends', 'trend_points', 'trend_events'])
    assert.equal(await counted(table), 1, table);
});

test('more than fit in one statement', async () => {
  await b.db.query(
    `insert into headlines (id, key, feed_id, batch_id, title, url, publisher, language, published_at, first_seen_at)
     select gen_random_uuid(), 'k' || n, (select id from feeds limit 1), gen_random_uuid(), 't', 'https://a.example', 'A', 'en',
            $1, $1 from generate_series(1, 4500) as n`,
    [day(-60)],
  );
  assert.equal((await forgetAt(day(0)))['count'], 4500);
  assert.deepEqual(await titles(), []);
});

test('beside a run it waits until that is over', async () => {
  serve([item('old', day(0))]);
  await runAt(day(0));
  let answer = (): void => {};
  const asked = new Promise<void>((heard) => {
    web.on('/feed', (_request, response) => {
      answer = () => void response.end(rss([]));
      heard();
    });
  });
  b.deps.asOf = day(31);
  await b.send();
  await asked;
  await b.send({ event: 'trigger-retention' });
  assert.deepEqual(await titles(), ['old']);
  answer();
  await b.settled();
  const done = (await b.emitted()).map((e) => e.event);
  assert.deepEqual(done.slice(-2), ['xml_processing_complete', 'retention_complete']);
  assert.deepEqual(await titles(), []);
});

test('0 keeps everything', async () => {
  b.deps.retentionDays = 0;
  serve([item('old', day(-4000))]);
  await runAt(day(0));
  const { count, since } = await forgetAt(day(4000));
  assert.deepEqual([count, since], [0, undefined]);
  assert.deepEqual(await titles(), ['old']);
});
