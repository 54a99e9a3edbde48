import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, defineService, emit, RedisEmitter, payloadOf, type AnyEvent, type Logger } from '@afk/bus';
import { events, parsePipeline } from '@afk/contracts';
import { beginBatch, saveFeeds, saveHeadlines, type NewHeadline, type Pool } from '@afk/database';
import { freshDatabase, testEnv, testRedisUrl } from '@afk/local/testing';
import { buildApp } from '../app.ts';

const pipeline = parsePipeline(readFileSync(new URL('../../../../pipeline.json', import.meta.url), 'utf8'));
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * The service with its default settings on a real bus, and a database of its own, or `shared`; `close` ends what is its
 * own.
 */
export async function bench(shared?: Pool, windowHours = 72) {
  const database = shared ? { pool: shared, drop: async () => {} } : await freshDatabase();
  const [redisUrl, env] = [await testRedisUrl(), testEnv()];
  const service = defineService('topic-builder', { pipeline, redisUrl, env, log: silent });
  const windowMs = windowHours * 3_600_000;
  const app = buildApp(service, { db: database.pool, windowMs, bucketMs: 3 * 3_600_000, minHeadlines: 3 });
  await app.start();
  const redis = await connect(redisUrl, 'command', 'test');
  const { names } = service;
  const emitted = async (): Promise<AnyEvent[]> => {
    const entries = await redis.xrange(names.stream('topic-builder'), '-', '+');
    return entries.map(([, entry]) => JSON.parse(payloadOf(entry)) as AnyEvent);
  };
  const emitAs = (emitter: string, event: string, id: string, fields: object) =>
    emit(
      { transport: new RedisEmitter(redis, names), schemas: events, emitter },
      event,
      { status: 'ok', ...fields, correlation_id: id },
      { id },
    );
  const answerTo = async (id: string, event: string): Promise<AnyEvent> => {
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(10)) {
      const answer = (await emitted()).find((e) => e.correlation_id === id && e.event === event);
      if (answer) return answer;
    }
    throw new Error(`no ${event}`);
  };
  return {
    db: database.pool,
    async store(headlines: readonly NewHeadline[], { demo = false } = {}): Promise<void> {
      const feed = { url: demo ? 'demo:all' : 'https://a.example/', title: 'A', language: null };
      await saveFeeds(database.pool, [feed], { source: demo ? 'demo' : 'opml', at: new Date() });
      const sql = 'select id from feeds where url = $1';
      const { rows } = await database.pool.query<{ id: string }>(sql, [feed.url]);
      const context = { feedId: rows[0]!.id, batchId: randomUUID(), seenAt: new Date(), demo };
      await saveHeadlines(database.pool, headlines, context);
    },
    async batch(asOf: Date): Promise<string> {
      const id = randomUUID();
      await beginBatch(database.pool, { id, triggerId: id, correlationId: `run-${id}`, asOf });
      return id;
    },
    /** Runs a batch through both steps. @returns what the service said after each */
    async run(batchId: string): Promise<{ topics: AnyEvent; trends: AnyEvent }> {
      const id = randomUUID();
      const fields = { batch_id: batchId, count: 1, model: 'test' };
      await emitAs('classifier-bridge', 'headlines_classified', id, fields);
      return { topics: await answerTo(id, 'topics_built'), trends: await answerTo(id, 'trends_built') };
    },
    /** Begins a batch at the first step or at the second. Does not wait. @returns what waits for its trends */
    async begin(
      event: 'headlines_classified' | 'topics_built',
      batchId: string,
    ): Promise<() => Promise<AnyEvent>> {
      const id = randomUUID();
      const [emitter, fields] = {
        headlines_classified: ['classifier-bridge', { count: 1, model: 'test' }] as const,
        topics_built: ['topic-builder', { count: 1, headlines: 1 }] as const,
      }[event];
      await emitAs(emitter, event, id, { batch_id: batchId, ...fields });
      return () => answerTo(id, 'trends_built');
    },
    async close(): Promise<void> {
      await app.close();
      redis.disconnect();
      await database.drop();
    },
  };
}
