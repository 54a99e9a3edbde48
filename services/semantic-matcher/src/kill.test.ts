import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { QdrantClient } from '@qdrant/js-client-rest';
import { freePort } from '@afk/local/testing';
import { bench } from './testing/bench.ts';
import { headlineId, manyHeadlines } from './testing/headlines.ts';

const COUNT = 6000;
const main = fileURLToPath(new URL('main.ts', import.meta.url));
const qdrantLocal = fileURLToPath(import.meta.resolve('@afk/qdrant-local').replace('index.ts', 'bin.ts'));
const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A process that is killed at the end, if it was not before. */
function run(t: TestContext, file: string, args: string[], env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [file, ...args], {
    env,
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Read, or it stops when the pipe is full.
  child.stdout!.resume();
  child.stderr!.resume();
  t.after(() => child.kill('SIGKILL'));
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(50)) {
    if (await holds().catch(() => false)) return;
  }
  throw new Error(`not within a minute: ${what}`);
}

test(
  'kill -9 of the matcher and of its store, amid indexing and rebuilding: nothing is lost',
  { timeout: 400_000 },
  async (t) => {
    const b = await bench();
    t.after(() => b.close());
    const folder = await mkdtemp(join(tmpdir(), 'afk-kill-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    await b.qdrant.stop();
    const startStore = () => run(t, qdrantLocal, ['--path', folder, '--port', String(port)], {});
    const settings = { ...b.settings, QDRANT_URL: url, HEALTH_PORT: '0', LOG_LEVEL: 'error' };
    const startMatcher = () => run(t, main, [], settings);
    const client = new QdrantClient({ url, checkCompatibility: false });
    const alias = async () =>
      (await client.getAliases()).aliases.find((a) => a.alias_name.endsWith('headlines'))!.collection_name;
    const marked = async (): Promise<number> => {
      const { rows } = await b.db.query(
        'select count(*)::int as n from headlines where indexed_a is not null or indexed_b is not null',
      );
      return rows[0].n as number;
    };

    await b.store(manyHeadlines(COUNT));
    let store = startStore();
    await until('the store answers', async () => Boolean(await client.getCollections()));
    let matcher = startMatcher();
    const answer = await b.classified();
    await until('the first pages are marked', async () => (await marked()) > 0);
    await kill(matcher);
    assert.ok((await marked()) < COUNT, 'killed before it was through');
    matcher = startMatcher();
    await until('more pages are marked', async () => (await marked()) > 2000);
    await Promise.all([kill(store), kill(matcher)]);
    store = startStore();
    await until('the store is back', async () => Boolean(await client.getCollections()));
    matcher = startMatcher();
    // The killed worker's lease has to run out first.
    const event = await answer(90_000);
    assert.deepEqual([event['status'], event['total']], ['ok', COUNT]);

    // Amid the rebuild with meaning, a few times.
    for (const pause of [300, 900, 1500]) {
      await sleep(pause);
      await kill(matcher);
      matcher = startMatcher();
    }
    await until('the rebuilt index answers', async () => (await alias()).includes('lsa'));
    await until(
      'what was left is removed',
      async () => (await client.getCollections()).collections.length === 1,
    );
    const { points: all } = await client.scroll(await alias(), { limit: COUNT + 10, with_vector: false });
    assert.deepEqual(
      all.map((p) => p.id),
      manyHeadlines(COUNT)
        .map((h) => headlineId(Number(h.id.slice(-12))))
        .toSorted(),
    );
    await until('words and meaning answer', async () => {
      const { hits, encoder } = await b.ask({ query: 'whale ocean' });
      return hits.length > 0 && encoder.dense !== null;
    });
  },
);
