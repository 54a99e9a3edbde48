import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { connect } from '@afk/bus';
import { root } from '../options.ts';
import { until } from '../testing/until.ts';
import { dataFolder, processesOf, startAfk, type Afk } from './afk.ts';
import { startReplayedFeeds, type ReplayedFeeds } from './replayed-feeds.ts';

const anchor = new Date('2026-03-02T00:00:00Z');
const hours = (n: number): Date => new Date(anchor.getTime() + n * 3_600_000);
const last = hours(64);

/**
 * The drill: two days of news, a backup, everything destroyed, restored, started again. Asked the same, it answers
 * the same, and goes on.
 */
describe('back up, destroy everything, restore', { timeout: 240_000 }, () => {
  const data = dataFolder();
  const backups = `${data.dir}-backups`;
  const env = { AFK_ALLOW_PRIVATE_FEEDS: '1', AFK_ALLOW_PRIVATE_WEBHOOKS: '1', FEED_TIMEOUT_MS: '120000' };
  let feeds: ReplayedFeeds;
  let answers: Answers;
  let running: Afk | undefined;
  const told: string[] = [];
  const receiver = createServer((request, response) => {
    told.push(String(request.headers['webhook-id']));
    response.end();
  });

  before(async () => {
    feeds = await startReplayedFeeds(anchor);
    await once(receiver.listen(0, '127.0.0.1'), 'listening');
  });
  after(async () => {
    running?.child.kill('SIGINT');
    await running?.exited;
    await feeds.close();
    receiver.close();
    data.remove();
    await rm(backups, { recursive: true, force: true });
  });

  /** `npm run afk`, as a person gives it. */
  const afk = async (...args: string[]): Promise<string> => {
    const program = join(root, 'packages/cli/src/main.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [program, '--data', data.dir, ...args], {
      env: { ...process.env, REDIS_URL: '', DATABASE_URL: '', QDRANT_URL: '', BACKUP_DIR: '' },
    });
    return stdout.trim();
  };
  const start = (asOf: Date): Promise<Afk> =>
    startAfk(['--feeds', feeds.opmlUrl, '--as-of', asOf.toISOString()], { dataDir: data.dir, env });

  test('two days of news, a saved search, a dead letter; then a backup', async () => {
    feeds.setNow(hours(40));
    const first = (running = await start(hours(40)));
    await until('the first run', () => first.said().includes('Ctrl-C stops everything'), 90_000);
    const webhook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    await afk('searches', 'add', '--name', 'Strikes', '--webhook', webhook, 'strike');
    await publish(first, 'this is not JSON');
    feeds.setNow(last);
    await afk('trigger', '--as-of', last.toISOString());
    await until('the second run', async () => (await completeRuns(first)).length === 2, 60_000);
    await until('the dead letter', async () => (await deadLetters(first)).length === 1);
    await until('the alert', async () =>
      /"last_delivered_at":"/.test(await (await fetch(`${first.api}/api/v1/searches`)).text()),
    );
    const taken = JSON.parse(await afk('--json', 'backup')) as Record<string, number> & { name: string };
    assert.ok(
      taken['rows']! > 400 && taken['points']! > 400 && taken['redis_bytes']! > 0,
      JSON.stringify(taken),
    );
    answers = await ask(first);
    assert.ok(answers.trends.some((t) => t.history.total > 0));
    assert.match(await afk('backup', 'list'), new RegExp(`${taken.name} .*MB`));
    assert.match(await afk('backup', 'verify', 'latest'), /files are whole/);
    assert.deepEqual(await readdir(backups), [taken.name]);
  });

  test('a restore beside a running AFK is refused', async () => {
    await assert.rejects(afk('restore', 'latest', '--yes'), /AFK already runs on/);
    await assert.rejects(afk('restore', 'latest'), /will be lost: give --yes/);
  });

  test('everything destroyed and restored, it answers the same, and the page is the same', async () => {
    running!.child.kill('SIGINT');
    await running!.exited;
    running = undefined;
    await rm(data.dir, { recursive: true });
    await afk('restore', 'latest', '--yes');
    assert.deepEqual(processesOf(data.dir), [], 'nothing is left running');
    // The run that a start begins with waits at the feeds: what is compared is what was restored.
    const release = feeds.hold();
    const again = (running = await start(last));
    await until('the services', () => again.said().includes('ready'), 60_000);
    try {
      await until('the page', async () => (await fetch(again.page)).status === 200, 60_000);
      assert.deepEqual(await ask(again), answers);
    } finally {
      release();
    }
  });

  test('the bus goes on: the next run completes, and nothing that was done is done again', async () => {
    const again = running!;
    await until('the third run', async () => (await completeRuns(again)).length === 3, 60_000);
    const after = await ask(again);
    const [third, ...earlier] = after.runs;
    assert.deepEqual(earlier, answers.runs);
    assert.equal(third!.headlines, 0, 'every headline is known');
    assert.deepEqual(after.letters, answers.letters);
    assert.equal(
      after.feeds.items.reduce((n, f) => n + f.headlines, 0),
      headlinesIn(answers),
    );
    assert.equal((await readdir(backups)).length, 1);
    assert.equal(told.length, 1, 'nobody is told twice');
    again.child.kill('SIGINT');
    await again.exited;
    running = undefined;
    assert.deepEqual(processesOf(data.dir), []);
  });
});

type Run = { id: string; status: string; headlines: number; events?: unknown };
type Feeds = { items: { headlines: number }[] };
type Answers = Awaited<ReturnType<typeof ask>>;

const headlinesIn = ({ feeds }: { feeds: Feeds }): number => feeds.items.reduce((n, f) => n + f.headlines, 0);

async function get<T>(afk: Afk, path: string): Promise<T> {
  const response = await fetch(`${afk.api}/api/v1/${path}`);
  assert.equal(response.status, 200, path);
  return (await response.json()) as T;
}

const completeRuns = async (afk: Afk): Promise<Run[]> =>
  (await get<{ items: Run[] }>(afk, 'batches')).items.filter((b) => b.status === 'complete');

const deadLetters = async (afk: Afk): Promise<object[]> =>
  (await get<{ items: object[] }>(afk, 'dead-letters')).items;

/** All that a person can ask, but for what says how long an answer took. */
async function ask(afk: Afk) {
  const list = await get<{ items: { id: string }[] }>(afk, 'trends?limit=50');
  const trends = [];
  for (const { id } of list.items.slice(0, 10)) {
    const history = await get<{ total: number }>(afk, `trends/${id}/history`);
    trends.push({
      detail: await get<object>(afk, `trends/${id}`),
      history,
      page: await pageOf(afk, `/trends/${id}/`),
    });
  }
  const { took_ms: _, ...search } = await get<{ took_ms?: number }>(afk, 'search?q=strike+hospital');
  const runs = await Promise.all((await completeRuns(afk)).map(({ id }) => get<Run>(afk, `batches/${id}`)));
  return {
    list,
    trends,
    search,
    runs,
    headlines: await get<object>(afk, 'headlines?limit=100'),
    feeds: await get<Feeds>(afk, 'feeds'),
    searches: await get<object>(afk, 'searches'),
    letters: await deadLetters(afk),
    page: await pageOf(afk, '/'),
  };
}

/** A page without what is of its build: the key that its islands are sealed with, and the policy over them. */
async function pageOf(afk: Afk, path: string): Promise<string> {
  const html = await (await fetch(`${afk.page}${path}`)).text();
  return html
    .replaceAll(/<script[\s\S]*?<\/script>/g, '')
    .replaceAll(/<meta http-equiv="content-security-policy"[^>]*>/g, '')
    .replaceAll(/\/_server-islands\/[^"]+/g, '');
}

async function publish(afk: Afk, text: string): Promise<void> {
  const redis = await connect(`redis://127.0.0.1:${afk.redisPort}`, 'command', 'test');
  await redis.publish('ofelia', text);
  redis.disconnect();
}
