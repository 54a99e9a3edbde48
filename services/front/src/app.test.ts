import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineService } from '@afk/bus';
import { parsePipeline } from '@afk/contracts';
import { recorder, testEnv, testRedisUrl, until } from '@afk/local/testing';
import { buildApp } from './app.ts';
import { Builds } from './site/builds.ts';
import { createSiteServer } from './site/index.ts';
import { startFakeApi, type FakeApi } from './testing/fake-api.ts';
import { fakeData } from './testing/fake-data.ts';

const pipeline = parsePipeline(readFileSync(new URL('../../../pipeline.json', import.meta.url), 'utf8'));

/** The service on a real bus, started on what lies in `dir`. */
async function start(dir: string, apiUrl: string) {
  const [redisUrl, env, log] = [await testRedisUrl(), testEnv(), recorder()];
  const service = defineService('front', { pipeline, redisUrl, env, log });
  const server = createSiteServer({ port: 0, host: '127.0.0.1', apiUrl, log });
  const app = buildApp(service, { builds: new Builds(dir), server, apiUrl, log: log as never });
  await app.start();
  const { port } = JSON.parse(/serving (.*)/.exec(log.lines.join('\n'))![1]!) as { port: number };
  return { app, log: log.lines, page: async () => (await fetch(`http://127.0.0.1:${port}/`)).text() };
}

describe('the front page at start', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'afk-front-'));
  let api: FakeApi = await startFakeApi({ trends: 3 });
  const { port } = new URL(api.url);
  const batch = api.data.batches.find((b) => b.status === 'complete')!;
  after(async () => {
    await api.close();
    await rm(dir, { recursive: true });
  });
  const builds = async (): Promise<string[]> =>
    (await readdir(dir)).filter((n) => n.startsWith('build-')).toSorted();

  test('is built where there is none and the data is there, however late the API comes', async () => {
    await api.close();
    const f = await start(dir, api.url);
    try {
      assert.match(await f.page(), /first run is under way/);
      api = await startFakeApi({ trends: 3, port: Number(port) });
      await until('the page', async () => (await f.page()).includes(api.data.trends.items[0]!.label), 60_000);
    } finally {
      await f.app.close();
    }
  });

  test('is left alone where it is of this data', async () => {
    const before = await builds();
    const f = await start(dir, api.url);
    try {
      await until('a look at the data', () => api.calls.get('/api/v1/batches'));
      await sleep(300);
      assert.deepEqual(await builds(), before);
      assert.doesNotMatch(f.log.join('\n'), /other data/);
    } finally {
      await f.app.close();
    }
  });

  test('is built anew where the data is another: the newest complete run is not the one that it shows', async () => {
    const before = await builds();
    api.data = { ...fakeData({ trends: 3 }), batches: [{ ...batch, id: 'another-batch' }] };
    api.data.trends.items[0]!.label = 'As it was in the backup';
    for (const detail of api.data.details.values()) detail.label = 'As it was in the backup';
    const f = await start(dir, api.url);
    try {
      await until('the page', async () => (await f.page()).includes('As it was in the backup'), 60_000);
      assert.notDeepEqual(await builds(), before);
    } finally {
      await f.app.close();
    }
  });
});
