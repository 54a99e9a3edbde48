import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  connect,
  createRequester,
  defineService,
  emit,
  RedisEmitter,
  payloadOf,
  type AnyEvent,
  type Logger,
} from '@afk/bus';
import { events, parsePipeline, type ReplyOf, type RequestInput } from '@afk/contracts';
import { saveFeeds, saveHeadlines, type NewHeadline } from '@afk/database';
import { bm25Encoder, type SparseEncoder } from '@afk/encoders';
import { freshDatabase, testEnv, testRedisUrl } from '@afk/local/testing';
import { startQdrantLocal, type QdrantLocal } from '@afk/qdrant-local';
import { buildApp, type MatcherApp } from '../app.ts';
import { LsaSource } from '../encoders/lsa.ts';
import type { EncoderSource } from '../encoders/source.ts';
import { addressOf } from '../store/address.ts';
import { connectQdrant } from '../store/qdrant.ts';
import { QueryClient } from '../store/query.ts';

const pipeline = parsePipeline(readFileSync(new URL('../../../../pipeline.json', import.meta.url), 'utf8'));

/** A Qdrant in this process that can go away, and come back at the same address. */
async function startQdrant() {
  let server: QdrantLocal | undefined = await startQdrantLocal();
  const { url, port } = server;
  return {
    url,
    async stop(): Promise<void> {
      await server?.close();
      server = undefined;
    },
    /** Comes back empty: it keeps nothing on disk. */
    async start(): Promise<void> {
      server = await startQdrantLocal({ port });
    },
  };
}

/** `least`: headlines from which on LSA is fitted. */
type Start = { source?: EncoderSource; sparse?: SparseEncoder; least?: number; denseMs?: number };

/** The service on a real bus, a database and a Qdrant of its own; `close` ends all. */
export async function bench() {
  const [database, redisUrl, env] = [await freshDatabase(), await testRedisUrl(), testEnv()];
  const qdrant = await startQdrant();
  const logged: string[] = [];
  const note = (fields: object, message: string): void =>
    void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log: Logger = { debug() {}, info() {}, warn: note, error: note };
  let apps: MatcherApp[] = [];

  const redis = await connect(redisUrl, 'command', 'test');
  const subscriber = await connect(redisUrl, 'subscriber', 'test');
  const { names } = defineService('semantic-matcher', { pipeline, redisUrl, env, log });
  const requester = await createRequester({ command: redis, subscriber, names, channels: ['splade_search'] });

  async function launch({
    source,
    sparse = bm25Encoder(),
    least = 200,
    denseMs,
  }: Start): Promise<MatcherApp> {
    const service = defineService('semantic-matcher', { pipeline, redisUrl, env, log });
    const lsa = new LsaSource({ db: database.pool, sparse, log, least });
    const where = addressOf(qdrant.url);
    const clients = { qdrant: connectQdrant(where), queries: new QueryClient(where) };
    const app = buildApp(service, { db: database.pool, ...clients, source: source ?? lsa, log, denseMs });
    apps.push(app);
    await app.start();
    return app;
  }
  async function stop(): Promise<void> {
    await Promise.all(apps.map((app) => app.close()));
    apps = [];
  }

  return {
    db: database.pool,
    qdrant,
    names,
    logged,
    /** What a process of its own needs to take part. */
    settings: { DATABASE_URL: database.url, REDIS_URL: redisUrl, ENV: env },
    /** Starts the service, or starts it anew. */
    async start(options: Start = {}): Promise<MatcherApp> {
      await stop();
      return launch(options);
    },
    /** Starts another beside those that run. */
    replica: (options: Start = {}): Promise<MatcherApp> => launch(options),
    checks: () => apps[0]!.checks!(),
    async store(headlines: readonly NewHeadline[], { demo = false } = {}): Promise<void> {
      const feed = { url: demo ? 'demo:all' : 'https://a.example/', title: 'A', language: null };
      await saveFeeds(database.pool, [feed], { source: demo ? 'demo' : 'opml', at: new Date() });
      const sql = 'select id from feeds where url = $1';
      const { rows } = await database.pool.query<{ id: string }>(sql, [feed.url]);
      const context = { feedId: rows[0]!.id, batchId: randomUUID(), seenAt: new Date(), demo };
      await saveHeadlines(database.pool, headlines, context);
    },
    /** Emits `trends_classified` as the classifier does. @returns what waits for the service's answer */
    async classified(): Promise<(ms?: number) => Promise<AnyEvent>> {
      const id = randomUUID();
      const fields = { batch_id: randomUUID(), status: 'ok', count: 1, model: 'test', correlation_id: id };
      const bus = {
        transport: new RedisEmitter(redis, names),
        schemas: events,
        emitter: 'classifier-bridge',
      };
      await emit(bus, 'trends_classified', fields, { id });
      return async (ms = 20_000) => {
        for (const deadline = Date.now() + ms; Date.now() < deadline; await sleep(10)) {
          const entries = await redis.xrange(names.stream('semantic-matcher'), '-', '+');
          const heard = entries.map(([, entry]) => JSON.parse(payloadOf(entry)) as AnyEvent);
          const answer = heard.find((e) => e.correlation_id === id);
          if (answer) return answer;
        }
        throw new Error(`no index_complete: ${logged.join('\n')}`);
      };
    },
    ask: (input: RequestInput<'splade_search'>): Promise<ReplyOf<'splade_search'>> =>
      requester.ask('splade_search', input),
    async close(): Promise<void> {
      await stop();
      await requester.close();
      for (const connection of [redis, subscriber]) connection.disconnect();
      await qdrant.stop();
      await database.drop();
    },
  };
}
