import { readFileSync } from 'node:fs';
import { connect, defineService, listDead, newId } from '@afk/bus';
import { parsePipeline } from '@afk/contracts';
import { createPool } from '@afk/database';
import { freshDatabase, recorder, testEnv, testRedisUrl, until } from '@afk/local/testing';
import type { Logger } from '@afk/runtime';
import { buildApp } from '../app.ts';
import type { Deps } from '../handlers/trigger-xml-headlines-extractor.ts';
import { createReader } from '../reader/reader.ts';
import { createFetcher } from '../source/http.ts';

const pipeline = parsePipeline(readFileSync(new URL('../../../../pipeline.json', import.meta.url), 'utf8'));
// As in production, but nobody waits a minute here.
pipeline.services['extractor']!.retry = { attempts: 3, backoff_ms: 20, max_backoff_ms: 50 };

type Event = Record<string, unknown> & { event: string };

/** The extractor on a real Redis and a real PostgreSQL of its own; `deps` may be changed between runs. */
export async function bench(given: Partial<Deps> = {}) {
  const database = await freshDatabase();
  const db = createPool(database.url, { size: 8, name: 'extractor' });
  const redisUrl = await testRedisUrl();
  const redis = await connect(redisUrl, 'command', 'test');
  const recorded = recorder();
  const log = recorded as unknown as Logger;
  const fetcher = createFetcher({ timeoutMs: 3000, maxBytes: 1024 * 1024, allowPrivate: true });
  const reader = createReader({ timeoutMs: 3000 });
  const deps: Deps = {
    db,
    fetcher,
    reader,
    log,
    feedList: undefined,
    asOf: undefined,
    concurrency: 8,
    retentionDays: 0,
    ...given,
  };
  const service = buildApp(defineService('extractor', { pipeline, redisUrl, env: testEnv(), log }), deps);
  await service.start();
  const { names } = service;
  const emitted = async (): Promise<Event[]> =>
    (await redis.xrange(names.stream('extractor'), '-', '+')).map(
      ([, [, json]]) => JSON.parse(json!) as Event,
    );
  return {
    db,
    deps,
    log: recorded.lines,
    emitted,
    rows: async <R>(sql: string): Promise<R[]> => (await database.pool.query(sql)).rows as R[],
    /** Puts a trigger on the stream, `times` times, with the same id. */
    async send(fields: object = {}, times = 1): Promise<string> {
      const id = newId();
      const event = { event: 'trigger-xml-headlines-extractor', id, correlation_id: id, ...fields };
      const json = JSON.stringify({ timestamp: new Date().toISOString(), ...event });
      for (let n = 0; n < times; n++) await redis.xadd(names.stream('ofelia'), '*', 'e', json);
      return id;
    },
    /** Sends a trigger and waits for what the extractor says when it is done. */
    async run(fields: object = {}): Promise<Event> {
      const before = (await emitted()).length;
      await this.send(fields);
      await until('an event of the extractor', async () => (await emitted()).length > before);
      return (await emitted()).at(-1)!;
    },
    /** Waits until nothing on the stream is unread or in hand. */
    settled: () =>
      until('a stream that is worked off', async () => {
        const groups = (await redis.xinfo('GROUPS', names.stream('ofelia'))) as unknown[][];
        const field = (name: string) => groups[0]![groups[0]!.indexOf(name) + 1];
        return field('pending') === 0 && field('lag') === 0;
      }),
    dead: () => listDead(redis, names, ['extractor']),
    async close(): Promise<void> {
      await service.close();
      await fetcher.close();
      await reader.close();
      redis.disconnect();
      await db.end();
      await database.drop();
    },
  };
}

export { until };
