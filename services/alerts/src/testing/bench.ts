import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, defineService, emit, listDead, payloadOf, RedisEmitter, type AnyEvent } from '@afk/bus';
import { events, parsePipeline } from '@afk/contracts';
import { beginBatch, saveCategories, saveFeeds, saveHeadlines, type NewHeadline } from '@afk/database';
import { freshDatabase, recorder, testEnv, testRedisUrl, until } from '@afk/local/testing';
import { saveSearch, testEmitter, type SavedSearchInput } from '@afk/saved-searches';
import { buildApp } from '../app.ts';
import { createSender } from '../webhook/send.ts';

/** Nobody waits an hour here. */
export const RETRY = { attempts: 4, backoff_ms: 20, max_backoff_ms: 40 };
export const now = new Date('2026-01-31T10:00:00Z');

export function testPipeline() {
  const file = new URL('../../../../pipeline.json', import.meta.url);
  const pipeline = parsePipeline(readFileSync(file, 'utf8'));
  pipeline.services['alerts']!.retry = RETRY;
  return pipeline;
}

/** `started`: false leaves the work to others. */
type Options = { allowPrivate?: boolean; timeoutMs?: number; started?: boolean };

/** The service on a real bus, and a database of its own. */
export async function bench({ allowPrivate = true, timeoutMs = 1000, started = true }: Options = {}) {
  const database = await freshDatabase();
  const [redisUrl, env] = [await testRedisUrl(), testEnv()];
  const log = recorder();
  const service = defineService('alerts', { pipeline: testPipeline(), redisUrl, env, log });
  const sender = createSender({ allowPrivate, timeoutMs });
  const publicUrl = 'https://news.example/';
  const app = buildApp(service, { db: database.pool, sender, retry: RETRY, publicUrl, log });
  const redis = await connect(redisUrl, 'command', 'test');
  const { names } = service;
  const transport = new RedisEmitter(redis, names);
  const emitted = async (): Promise<AnyEvent[]> =>
    (await redis.xrange(names.stream('alerts'), '-', '+')).map(
      ([, entry]) => JSON.parse(payloadOf(entry)) as AnyEvent,
    );
  if (started) await app.start();
  return {
    db: database.pool,
    databaseUrl: database.url,
    redisUrl,
    env,
    log: log.lines,
    emitted,
    emitTest: testEmitter(redis, names),
    dead: () => listDead(redis, names, ['alerts']),
    async save(input: Partial<SavedSearchInput>): Promise<{ id: string; secret: string }> {
      const whole = { name: 'Rain', query: 'rain', webhook_url: 'http://127.0.0.1:1/', ...input };
      return (await saveSearch(database.pool, whole, now))!;
    },
    store: (titles: readonly (string | Partial<NewHeadline>)[], options: { demo?: boolean } = {}) =>
      storeHeadlines(database.pool, titles, options),
    async batch(asOf = now): Promise<string> {
      const id = randomUUID();
      await beginBatch(database.pool, { id, triggerId: id, correlationId: `run-${id}`, asOf });
      return id;
    },
    async emitIndexed(batchId?: string): Promise<{ batch_id: string; id: string }> {
      const [batch_id, id] = [batchId ?? (await this.batch()), randomUUID()];
      const fields = { batch_id, status: 'ok', count: 1, total: 1, correlation_id: `run-${batch_id}` };
      await emit({ transport, schemas: events, emitter: 'semantic-matcher' }, 'index_complete', fields, {
        id,
      });
      return { batch_id, id };
    },
    /** Says that a run has been indexed, and waits until it has been evaluated. @returns its batch */
    async indexed(batchId?: string): Promise<string> {
      const { batch_id, id } = await this.emitIndexed(batchId);
      await until('the evaluation', () => log.lines.some((line) => line.includes(`"eventId":"${id}"`)));
      return batch_id;
    },
    async rows<R>(sql: string, ...values: unknown[]): Promise<R[]> {
      return (await database.pool.query(sql, values)).rows as R[];
    },
    async close(): Promise<void> {
      await app.close();
      await sender.close();
      redis.disconnect();
      await database.drop();
    },
  };
}

let stored = 0;

/** Stores headlines as a run does, classified. @returns their ids */
async function storeHeadlines(
  db: Parameters<typeof saveHeadlines>[0],
  given: readonly (string | Partial<NewHeadline>)[],
  { demo = false }: { demo?: boolean },
): Promise<string[]> {
  const url = demo ? 'demo:all' : 'https://lamp.example/rss';
  await saveFeeds(db, [{ url, title: 'The Lamp', language: 'en' }], {
    source: demo ? 'demo' : 'opml',
    at: now,
  });
  const { rows } = await db.query<{ id: string }>('select id from feeds where url = $1', [url]);
  const headlines = given.map((one) => headlineOf(typeof one === 'string' ? { title: one } : one));
  await saveHeadlines(db, headlines, { feedId: rows[0]!.id, batchId: randomUUID(), seenAt: now, demo });
  const verdicts = headlines.map(({ id }) => ({ id, category: 'weather', probability: 0.9 }));
  await saveCategories(db, 'test', verdicts);
  return headlines.map((h) => h.id);
}

export function headlineOf(more: Partial<NewHeadline>): NewHeadline {
  const n = ++stored;
  return {
    id: randomUUID(),
    key: `key-${n}`,
    title: `Headline ${n}`,
    url: `https://lamp.example/${n}`,
    summary: '',
    publisher: 'The Lamp',
    language: 'en',
    publishedAt: new Date(now.getTime() - n * 1000),
    ...more,
  };
}

export { until };
