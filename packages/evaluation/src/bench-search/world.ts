import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, emit, payloadOf, pipelineNames, RedisEmitter, type AnyEvent } from '@afk/bus';
import { events } from '@afk/contracts';
import type { Pool } from '@afk/database';
import { freePort, freshDatabase, testEnv, testRedisUrl } from '@afk/local/testing';
import { readPipeline } from '@afk/runtime';
import { root, run, type Running } from './processes.ts';

/** All that a search goes through, each in a process of its own. */
export type World = {
  db: Pool;
  apiUrl: string;
  storeUrl: string;
  store: Running;
  matcher(): Running;
  /** Starts the matcher anew, on this address of the vector store. */
  restart(storeUrl: string): Promise<void>;
  /** Says that there are new headlines; resolves when they are indexed. */
  index(limitMs: number): Promise<void>;
  close(): Promise<void>;
};

/** A Redis, a PostgreSQL, a qdrant-local on disk, a semantic-matcher and an API, empty, for one size. */
export async function openWorld(): Promise<World> {
  const closers: (() => Promise<unknown> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const one of closers.toReversed()) await one();
  };
  try {
    return { ...(await openAll((closer) => void closers.push(closer))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openAll(
  closing: (closer: () => Promise<unknown> | void) => void,
): Promise<Omit<World, 'close'>> {
  const folder = mkdtempSync(join(tmpdir(), 'afk-bench-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  closing(remove);
  const [database, redisUrl, env] = [await freshDatabase(), await testRedisUrl(), testEnv()];
  closing(() => database.drop());

  const storePort = await freePort(3);
  const [healthPort, apiPort] = [storePort + 1, storePort + 2];
  const storeUrl = `http://127.0.0.1:${storePort}`;
  const bin = join(root, 'packages', 'qdrant-local', 'src', 'bin.ts');
  const args = ['--path', join(folder, 'qdrant'), '--port', String(storePort)];
  const store = await run(bin, { args, ready: `${storeUrl}/readyz` });
  closing(() => store.stop());

  const common = {
    ENV: env,
    REDIS_URL: redisUrl,
    DATABASE_URL: database.url,
    PIPELINE_FILE: join(root, 'pipeline.json'),
    LOG_LEVEL: 'info',
  };
  const startMatcher = (qdrant: string): Promise<Running> =>
    run(join(root, 'services', 'semantic-matcher', 'src', 'main.ts'), {
      env: { ...common, QDRANT_URL: qdrant, HEALTH_PORT: String(healthPort) },
      ready: `http://127.0.0.1:${healthPort}/health`,
    });
  let matcher = await startMatcher(storeUrl);
  closing(() => matcher.stop());
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  const api = await run(join(root, 'services', 'api', 'src', 'main.ts'), {
    env: { ...common, API_PORT: String(apiPort) },
    ready: `${apiUrl}/health`,
  });
  closing(() => api.stop());
  return {
    db: database.pool,
    apiUrl,
    storeUrl,
    store,
    matcher: () => matcher,
    async restart(url) {
      await matcher.stop();
      matcher = await startMatcher(url);
    },
    index: (limitMs) => index(redisUrl, env, common.PIPELINE_FILE, limitMs),
  };
}

/** Emits `trends_classified`, as the step before does, and waits for the matcher's answer. */
async function index(redisUrl: string, env: string, pipelineFile: string, limitMs: number): Promise<void> {
  const names = pipelineNames(env, readPipeline(pipelineFile));
  const redis = await connect(redisUrl, 'command', 'bench');
  try {
    const id = randomUUID();
    const bus = { transport: new RedisEmitter(redis, names), schemas: events, emitter: 'classifier-bridge' };
    const fields = { batch_id: randomUUID(), status: 'ok', count: 1, model: 'bench', correlation_id: id };
    await emit(bus, 'trends_classified', fields, { id });
    for (const end = performance.now() + limitMs; performance.now() < end; await sleep(5)) {
      const entries = await redis.xrange(names.stream('semantic-matcher'), '-', '+');
      const heard = entries.map(([, entry]) => JSON.parse(payloadOf(entry)) as AnyEvent);
      const answer = heard.find((event) => event.correlation_id === id);
      if (answer?.['status'] === 'ok') return;
      if (answer) throw new Error(`not indexed: ${JSON.stringify(answer)}`);
    }
    throw new Error(`no index_complete in ${limitMs / 1000} s`);
  } finally {
    redis.disconnect();
  }
}
