import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, defineService, emit, RedisEmitter, payloadOf, type AnyEvent, type Logger } from '@afk/bus';
import { events, parsePipeline, type EventName } from '@afk/contracts';
import { beginBatch } from '@afk/database';
import { freshDatabase, testEnv, testRedisUrl } from '@afk/local/testing';
import { buildApp } from '../app.ts';
import type { Deps } from '../handlers/xml_processing_complete.ts';

const pipeline = parsePipeline(readFileSync(new URL('../../../../pipeline.json', import.meta.url), 'utf8'));
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** The service on a real bus and a database of its own; `close` ends both. */
export async function bench(deps: Omit<Deps, 'db'>) {
  const [database, redisUrl, env] = [await freshDatabase(), await testRedisUrl(), testEnv()];
  const service = defineService('classifier-bridge', { pipeline, redisUrl, env, log: silent });
  const app = buildApp(service, { ...deps, db: database.pool });
  await app.start();
  const redis = await connect(redisUrl, 'command', 'test');
  const { names } = service;
  return {
    db: database.pool,
    async batch(asOf: Date): Promise<string> {
      const id = randomUUID();
      await beginBatch(database.pool, { id, triggerId: id, correlationId: `run-${id}`, asOf });
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
      await app.close();
      redis.disconnect();
      await database.drop();
    },
  };
}
