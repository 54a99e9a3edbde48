import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, defineService, emit, RedisEmitter, payloadOf, type AnyEvent } from '@afk/bus';
import { events, parsePipeline, type EventName } from '@afk/contracts';
import { beginBatch, type Pool } from '@afk/database';
import { freshDatabase, recorder, testEnv, testRedisUrl } from '@afk/local/testing';
import { buildApp } from '../app.ts';
import { ModelRows, type ModelOptions } from '../models/source.ts';
import { countOutcomes, type Outcomes } from '../providers/outcomes.ts';
import type { Provider } from '../providers/provider.ts';
import { smallSeed } from './small-seed.ts';

const pipeline = parsePipeline(readFileSync(new URL('../../../../pipeline.json', import.meta.url), 'utf8'));

type Options = Partial<Pick<ModelOptions, 'pin' | 'seed' | 'quietMs'>> & {
  provider?: Provider;
  outcomes?: Outcomes;
  threshold?: number;
  /** What is in the database before the service starts. */
  before?: (db: Pool) => Promise<unknown>;
};

/** The service on a real bus and a database of its own, with a model of a few words; `close` ends all. */
export async function bench(options: Options = {}) {
  const { threshold = 0.8, before } = options;
  const [database, redisUrl, env] = [await freshDatabase(), await testRedisUrl(), testEnv()];
  const log = recorder();
  const { lines } = log;
  const db = database.pool;
  await before?.(db);
  const redis = await connect(redisUrl, 'command', 'test');
  const names = defineService('classifier-bridge', { pipeline, redisUrl, env, log }).names;
  let app: ReturnType<typeof buildApp> | undefined;

  /** Starts the service, or starts it anew with other settings, as a deployment does. */
  async function start(more: Options = {}): Promise<void> {
    await app?.close();
    app = undefined;
    const service = defineService('classifier-bridge', { pipeline, redisUrl, env, log });
    const models = new ModelRows({ db, log, pin: 'active', seed: smallSeed, ...options, ...more });
    const deps = { threshold, outcomes: countOutcomes(), ...options, ...more };
    const starting = buildApp(service, { ...deps, db, models });
    await starting.start();
    app = starting;
  }

  try {
    await start();
  } catch (error) {
    redis.disconnect();
    await database.drop();
    throw error;
  }
  return {
    db,
    redis,
    names,
    lines,
    start,
    checks: () => app!.checks!(),
    async batch(asOf: Date): Promise<string> {
      const id = randomUUID();
      await beginBatch(db, { id, triggerId: id, correlationId: `run-${id}`, asOf });
      return id;
    },
    /** Emits an event as `emitter`, and waits for what the service answers to it. */
    async answerTo(emitter: string, event: EventName, fields: object): Promise<AnyEvent> {
      const id = randomUUID();
      const given = { status: 'ok', ...fields, correlation_id: id };
      await emit({ transport: new RedisEmitter(redis, names), schemas: events, emitter }, event, given, {
        id,
      });
      for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(10)) {
        const entries = await redis.xrange(names.stream('classifier-bridge'), '-', '+');
        const heard = entries.map(([, entry]) => JSON.parse(payloadOf(entry)) as AnyEvent);
        const answer = heard.find((e) => e.correlation_id === id);
        if (answer) return answer;
      }
      throw new Error(`no answer to ${event}`);
    },
    async close(): Promise<void> {
      await app?.close();
      redis.disconnect();
      await database.drop();
    },
  };
}
