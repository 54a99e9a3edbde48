import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { connect } from '@afk/bus';
import { startFeedServer, type FeedServer } from '../testing/feed-server.ts';
import type { Summary } from '../summary.ts';
import { dataFolder, processesOf, startAfk, type Afk } from './afk.ts';
import { until } from '../testing/until.ts';

/** The whole line, once, as `npm start` runs it, on feeds that are served on loopback. */
describe('the line', { timeout: 240_000 }, () => {
  let feeds: FeedServer;
  const data = dataFolder();
  const env = { AFK_ALLOW_PRIVATE_FEEDS: '1', FEED_TIMEOUT_MS: '3000', ENV: 'staging' };
  const once = async (): Promise<{ afk: Afk; code: number | null; summary: Summary }> => {
    const afk = await startAfk(['--feeds', feeds.opmlUrl, '--once', '--json'], { dataDir: data.dir, env });
    const code = await afk.exited;
    return { afk, code, summary: JSON.parse(afk.printed().trim().split('\n').at(-1)!) as Summary };
  };

  before(async () => {
    feeds = await startFeedServer(new Date());
  });
  after(async () => {
    await feeds.close();
    data.remove();
  });

  test('runs from feeds to a front page, past four bad feeds, and says what it did', async () => {
    const { afk, code, summary } = await once();
    assert.equal(code, 0, afk.said());
    assert.equal(summary.status, 'complete');
    assert.equal(summary.headlines, 470);
    assert.equal(summary.classified, 470);
    assert.equal(summary.indexed, 470);
    assert.equal(summary.site_built, true);
    assert.ok(summary.topics! > 20 && summary.trends! > 15, JSON.stringify(summary));
    assert.deepEqual(summary.feeds, { total: 18, failed: 4, not_modified: 0 });
    assert.match(afk.said(), /rubbish.*neither RSS, Atom nor JSON Feed/);
    assert.match(afk.said(), /hanging.*no complete answer within 3 s/);
    assert.match(afk.said(), /huge.*larger than 10 MB/);
    assert.match(afk.said(), /missing.*answered 404/);
    assert.deepEqual(processesOf(data.dir), [], 'nothing is left running');
  });

  test('a second run adds nothing and is told that nothing changed', async () => {
    const { code, summary } = await once();
    assert.equal(code, 0);
    assert.equal(summary.headlines, 0);
    assert.equal(summary.index_total, 470);
    assert.equal(summary.feeds!.not_modified, 14);
    assert.equal(feeds.notModified(), 14);
  });

  test('stays up: page, search, a bare PUBLISH, rubbish on a channel, and a quick end', async () => {
    const afk = await startAfk(['--feeds', feeds.opmlUrl], { dataDir: data.dir, env });
    try {
      await until('the addresses', () => afk.said().includes('Ctrl-C stops everything'), 60_000);
      const page = await (await fetch(afk.page)).text();
      const { items } = (await (await fetch(`${afk.api}/api/v1/trends?limit=3`)).json()) as {
        items: { id: string; label: string }[];
      };
      assert.ok(page.includes(`/trends/${items[0]!.id}`), 'the front page links the top trend');
      const story = await fetch(`${afk.page}/trends/${items[0]!.id}/`);
      assert.equal(story.status, 200);

      const search = await (await fetch(`${afk.api}/api/v1/search?q=censure`)).json();
      assert.match((search as { items: { title: string }[] }).items[0]!.title, /censure/i);
      assert.match(await (await fetch(`${afk.page}/search/?q=censure`)).text(), /censure/i);

      await aBareRun(afk);
      await rubbish(afk);
    } finally {
      const began = Date.now();
      afk.child.kill('SIGINT');
      assert.equal(await afk.exited, 0);
      assert.ok(Date.now() - began < 10_000, 'the end takes less than 10 s');
    }
    assert.deepEqual(processesOf(data.dir), [], 'nothing is left running');
  });
});

type Batches = { total: number; items: { id: string; status: string }[] };

/** As Ofelia sends it: no id, no correlation id, on the channel of this ENV; another ENV's changes nothing. */
async function aBareRun(afk: Afk): Promise<void> {
  const batches = async (): Promise<Batches> =>
    (await (await fetch(`${afk.api}/api/v1/batches`)).json()) as Batches;
  const before = (await batches()).total;
  const redis = await connect(`redis://127.0.0.1:${afk.redisPort}`, 'command', 'test');
  const trigger = '{"event":"trigger-xml-headlines-extractor"}';
  assert.equal(await redis.publish('ofelia', trigger), 0, 'nobody hears a channel of another environment');
  await redis.publish('staging-ofelia', trigger);
  redis.disconnect();
  await until(
    'one more complete run',
    async () => {
      const { total, items } = await batches();
      return total === before + 1 && items[0]!.status === 'complete';
    },
    30_000,
  );
  const { items } = await batches();
  const run = (await (await fetch(`${afk.api}/api/v1/batches/${items[0]!.id}`)).json()) as {
    events: { event: string }[];
  };
  assert.deepEqual(
    run.events.map((e) => e.event),
    [
      'trigger-xml-headlines-extractor',
      'xml_processing_complete',
      'headlines_classified',
      'topics_built',
      'trends_built',
      'trends_classified',
      'index_complete',
      'site_built',
    ],
  );
}

async function rubbish(afk: Afk): Promise<void> {
  const redis = await connect(`redis://127.0.0.1:${afk.redisPort}`, 'command', 'test');
  await redis.publish('staging-ofelia', 'this is not JSON');
  redis.disconnect();
  type Letters = { items: { service: string; reason: string }[] };
  const letters = async (): Promise<Letters> =>
    (await (await fetch(`${afk.api}/api/v1/dead-letters`)).json()) as Letters;
  await until('a dead letter', async () => (await letters()).items.length === 1, 10_000);
  const [letter] = (await letters()).items;
  assert.equal(letter!.service, 'extractor');
  assert.match(letter!.reason, /not JSON: "this is not JSON"/);
  assert.equal((await fetch(`${afk.api}/health`)).status, 200);
}
