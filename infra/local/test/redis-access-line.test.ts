import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { connect, listDead, namesOf, replayDead } from '@afk/bus';
import { parsePipeline } from '@afk/contracts';
import { parseOptions, root, type Options } from '../options.ts';
import { runOnce } from '../run.ts';
import { serviceSpecs, type ServiceSpec } from '../services.ts';
import { freePort } from '../stores/ports.ts';
import { startQdrant } from '../stores/qdrant.ts';
import type { Store } from '../stores/child.ts';
import { Supervisor, type Notice } from '../supervisor.ts';
import { startFeedServer, type FeedServer } from '../testing/feed-server.ts';
import { freshDatabase, type TestDatabase } from '../testing/index.ts';
import { until } from '../testing/until.ts';
import { dataFolder } from './afk.ts';
import { withoutRedis, passwords, startCentralRedis, type CentralRedis } from './central-redis.ts';

/** The whole line with compose.yml's Redis: each service logs in as itself, with its own rights. */
describe('the line, each service a user of its own', { timeout: 240_000, skip: withoutRedis }, () => {
  const data = dataFolder();
  const pipeline = parsePipeline(readFileSync(join(root, 'pipeline.json'), 'utf8'));
  const notices: Notice[] = [];
  let central: CentralRedis;
  let feeds: FeedServer;
  let database: TestDatabase;
  let qdrant: Store;
  let supervisor: Supervisor;
  let hook: { server: Server; url: string; received: number };
  let api: string;
  let specs: ServiceSpec[];

  before(async () => {
    [central, feeds, database, hook] = await Promise.all([
      startCentralRedis(),
      startFeedServer(new Date()),
      freshDatabase(),
      startHook(),
    ]);
    qdrant = await startQdrant({ dir: join(data.dir, 'qdrant'), port: await freePort() });
    const base = await freePort(20);
    api = `http://127.0.0.1:${base}`;
    const args = ['--data', data.dir, '--port-base', String(base), '--feeds', feeds.opmlUrl];
    const stores = { redisUrl: '', databaseUrl: database.url, qdrantUrl: qdrant.url };
    const env = {
      ...process.env,
      ENV: 'staging',
      AFK_ALLOW_PRIVATE_FEEDS: '1',
      AFK_ALLOW_PRIVATE_WEBHOOKS: '1',
      FEED_TIMEOUT_MS: '3000',
    };
    specs = serviceSpecs(parseOptions(args, {}) as Options, stores, env).map((spec) => ({
      ...spec,
      env: {
        ...spec.env,
        REDIS_URL: central.url(spec.name),
        REDIS_DATA_DIR: central.dir,
        BACKUP_DIR: join(data.dir, 'backups'),
      },
    }));
    supervisor = new Supervisor(join(data.dir, 'logs'), (notice) => notices.push(notice));
    await supervisor.start(specs);
  });
  after(async () => {
    await supervisor?.stop();
    await Promise.all([central?.stop(), feeds?.close(), database?.drop(), qdrant?.stop()]);
    hook?.server.close();
    data.remove();
  });

  const run = () => {
    const { signal } = new AbortController();
    const options = { redisUrl: central.url('cli'), env: 'staging', pipeline, asOf: undefined, signal };
    return runOnce({ ...options, onStage() {} });
  };
  const ask = async (path: string, body?: object): Promise<Record<string, unknown>> => {
    const headers = { 'content-type': 'application/json' };
    const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : {};
    const response = await fetch(api + path, init);
    const text = await response.text();
    assert.ok(response.ok, `${path}: ${response.status} ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  };

  /** As Ofelia's jobs do, in the container. */
  const publish = async (message: string): Promise<void> => {
    const args = [
      '-e',
      '-p',
      String(central.port),
      '--user',
      'scheduler',
      'PUBLISH',
      'staging-ofelia',
      message,
    ];
    const env = { PATH: process.env['PATH'], REDISCLI_AUTH: passwords.services };
    const { stdout } = await promisify(execFile)('redis-cli', args, { env, timeout: 10_000 });
    assert.match(stdout, /^[1-9]/, 'somebody hears it');
  };

  test('runs from feeds to a page, is searched, and tells a webhook', async () => {
    await ask('/api/v1/searches', { name: 'Any', query: 'censure', webhook_url: hook.url });
    const { status, failure } = await run();
    assert.deepEqual([status, failure], ['complete', undefined]);
    const { items } = await ask('/api/v1/search?q=censure');
    assert.match((items as { title: string }[])[0]!.title, /censure/i);
    await until('the webhook', () => hook.received > 0);
  });

  test('shows each service under its name', async () => {
    const clients = String(await central.admin.call('CLIENT', 'LIST'));
    for (const { name } of specs)
      assert.match(clients, new RegExp(`name=afk:${name}:\\S* .*user=${name}\\b`), name);
  });

  test('does what the scheduler publishes: the retention, and a backup with Redis in it', async () => {
    const logged = async (event: string): Promise<Record<string, unknown> | undefined> => {
      const sql = 'select payload from flow_log where event = $1';
      const { rows } = await database.pool.query<{ payload: Record<string, unknown> }>(sql, [event]);
      return rows[0]?.payload;
    };
    await publish('{"event":"trigger-retention"}');
    await publish('{"event":"trigger-backup"}');
    await until('the retention', async () => (await logged('retention_complete')) !== undefined);
    await until('the backup', async () => (await logged('backup_complete')) !== undefined, 60_000);
    assert.ok(Number((await logged('backup_complete'))!['redis_bytes']) > 0);
  });

  test('buries rubbish, which the CLI then reads and replays', async () => {
    const cli = await connect(central.url('cli'), 'command', 'afk');
    try {
      await publish('this is not JSON');
      // Whoever of the channel's listeners hears it first has the letter.
      const letters = () => listDead(cli, namesOf('staging'), Object.keys(pipeline.services));
      await until('a dead letter', async () => (await letters()).length === 1);
      const { service, id } = (await letters())[0]!;
      assert.equal(await replayDead(cli, namesOf('staging'), service, id), true);
      await until('it to be one again', async () => (await letters()).some((l) => l.id !== id));
    } finally {
      cli.disconnect();
    }
  });

  test('logs in again where its connections are cut, in the midst of a run', async () => {
    const running = run();
    for (let n = 0; n < 3; n++) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      // The CLI waits for the run by pub/sub, and would miss its end.
      for (const { name } of specs) await central.admin.call('CLIENT', 'KILL', 'USER', name);
    }
    assert.equal((await running).status, 'complete');
    for (const { healthUrl } of specs) {
      await until(
        `${healthUrl} to be well`,
        async () => (await fetch(healthUrl).catch(() => undefined))?.ok ?? false,
      );
    }
  });

  test('was denied nothing', async () => {
    assert.deepEqual(await central.denied(), []);
    const said = notices.map(({ service, text }) => `${service}: ${text}`);
    assert.deepEqual(
      said.filter((line) => /NOPERM|WRONGPASS|NOAUTH|permission/i.test(line)),
      [],
    );
  });
});

/** Somebody's webhook. */
async function startHook(): Promise<{ server: Server; url: string; received: number }> {
  const server = createServer((request, response) => {
    hook.received++;
    request.resume();
    response.writeHead(204).end();
  });
  const hook = { server, url: '', received: 0 };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  hook.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return hook;
}
