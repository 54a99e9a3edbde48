import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, test } from 'node:test';
import { saveFeeds } from '@afk/database';
import { bench } from '../testing/bench.ts';
import { opml, rssOf } from '../testing/feeds.ts';
import { feed, playServer } from '../testing/http-server.ts';

const web = await playServer({ '/a': feed(rssOf(3)), '/b': feed(rssOf(4, 10)) });
const folder = await mkdtemp(join(tmpdir(), 'afk-extractor-'));
const list = join(folder, 'feeds.opml');
let b: Awaited<ReturnType<typeof bench>>;
beforeEach(async () => (b = await bench({ feedList: list })));
afterEach(() => b.close());
after(async () => {
  await web.close();
  await rm(folder, { recursive: true });
});
const activeUrls = async () =>
  (await b.rows<{ url: string }>('select url from feeds where active order by id')).map((f) => f.url);
const demoRows = async () =>
  (await b.rows<{ n: number }>('select count(*)::int as n from headlines where demo'))[0]!.n;

test('the list is all there is: what it no longer names is fetched no more', async () => {
  await writeFile(list, opml(web.url('/a'), web.url('/b')));
  assert.equal((await b.run())['count'], 7);
  await writeFile(list, opml(web.url('/b')));
  const event = await b.run();
  assert.equal(event['feeds'], 1);
  assert.deepEqual(await activeUrls(), [web.url('/b')]);
  await writeFile(list, opml(web.url('/a'), web.url('/b')));
  assert.equal((await b.run())['feeds'], 2);
});

test('a list on the web', async () => {
  web.on('/list', (_request, response) => response.end(opml(web.url('/a'))));
  b.deps.feedList = web.url('/list');
  assert.equal((await b.run())['count'], 3);
});

test('a list that is none, and no feed known: a dead letter and a failed event that name it', async () => {
  await writeFile(list, '<!doctype html><p>Sign in');
  const failed = await b.run();
  const reason = `feed list ${list}: it is not OPML; it begins with "<!doctype html><p>Sign in"`;
  assert.equal(failed.event, 'extractor_failed');
  assert.equal(failed['reason'], reason);
  assert.equal(failed['attempts'], 1);
  const [letter] = await b.dead();
  assert.equal(letter!.reason, reason);
  assert.equal(letter!.handler, 'extractor/trigger-xml-headlines-extractor');
  assert.equal((await b.rows('select from headlines')).length, 0);
});

test('a list that is not there: a dead letter at once, naming it', async () => {
  b.deps.feedList = join(folder, 'absent.opml');
  const failed = await b.run();
  assert.equal(failed.event, 'extractor_failed');
  assert.match(String(failed['reason']), /no such file or directory/);
  assert.ok(String(failed['reason']).includes(b.deps.feedList));
  assert.equal(failed['attempts'], 1);
});

test('a list on a server that is down is tried again, then a dead letter', async () => {
  b.deps.feedList = web.url('/no-list');
  const failed = await b.run();
  assert.equal(failed['reason'], `feed list ${web.url('/no-list')}: the server answered 404 Not Found`);
  assert.equal(failed['attempts'], 3);
});

test('a list that is none, and feeds known: the run goes on with these, and the log says so', async () => {
  await writeFile(list, opml(web.url('/a'), web.url('/b')));
  await b.run();
  for (const spoilt of ['half a <file', opml()]) {
    await writeFile(list, spoilt);
    const event = await b.run();
    assert.deepEqual([event.event, event['feeds'], event['status']], ['xml_processing_complete', 2, 'ok']);
  }
  const said = b.log.filter((l) => l.startsWith('error feed list unreadable'));
  assert.equal(said.length, 2);
  assert.match(said[0]!, /it is not OPML/);
  assert.deepEqual(await activeUrls(), [web.url('/a'), web.url('/b')]);
});

test('with nothing configured the demo feeds; once there is a real list, not a trace of them', async () => {
  b.deps.feedList = undefined;
  const demo = await b.run();
  assert.equal(demo['status'], 'ok');
  assert.equal(demo['feeds'], 14);
  assert.ok((await demoRows()) > 400);
  assert.equal(await demoRows(), demo['count']);
  assert.equal((await b.run())['feeds'], 14);
  await writeFile(list, opml(web.url('/a')));
  b.deps.feedList = list;
  const real = await b.run();
  assert.deepEqual([real['feeds'], real['count']], [1, 3]);
  assert.equal(await demoRows(), 0);
  assert.equal((await b.rows('select from headlines')).length, 3);
  assert.deepEqual(await activeUrls(), [web.url('/a')]);
});

test('the demo stays until a real feed has answered', async () => {
  b.deps.feedList = undefined;
  const shown = (await b.run())['count'];
  await writeFile(list, opml(web.url('/late')));
  b.deps.feedList = list;
  const event = await b.run();
  assert.deepEqual([event['feeds'], event['feeds_failed']], [1, 1]);
  assert.equal(await demoRows(), shown);
  web.on('/late', feed(rssOf(2, 40)));
  assert.equal((await b.run())['count'], 2);
  assert.equal(await demoRows(), 0);
  assert.deepEqual(await activeUrls(), [web.url('/late')]);
});

test('without a list, the feeds of an earlier one are fetched no more: the imported, else the demo', async () => {
  await writeFile(list, opml(web.url('/a')));
  await b.run();
  b.deps.feedList = undefined;
  assert.equal((await b.run())['feeds'], 14);
  assert.ok((await demoRows()) > 400);
  const entry = { url: web.url('/b'), title: '', language: null };
  await saveFeeds(b.db, [entry], { source: 'imported', at: new Date() });
  assert.equal((await b.run())['feeds'], 1);
  assert.deepEqual(await activeUrls(), [web.url('/b')]);
  assert.equal(await demoRows(), 0);
});
