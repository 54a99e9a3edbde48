import { readFileSync } from 'node:fs';
import { connect, emit, RedisEmitter, namesOf } from '@afk/bus';
import { events as schemas, parsePipeline } from '@afk/contracts';
import { createPool, type Pool } from '@afk/database';
import { freshDatabase, recorder, testEnv, testRedisUrl, until } from '@afk/local/testing';
import type { Logger } from '@afk/runtime';
import { buildApp, type FlowListener } from '../app.ts';

export const pipeline = parsePipeline(
  readFileSync(new URL('../../../../pipeline.json', import.meta.url), 'utf8'),
);

export type Logged = { channel: string; event: string | null; event_id: string | null; raw: string | null };

/** A database and an environment of this test's own, on real servers; listeners are started by the test. */
export async function bench(env = testEnv()) {
  const database = await freshDatabase();
  const db = createPool(database.url, { size: 2, name: 'flow-listener' });
  const redisUrl = await testRedisUrl();
  const redis = await connect(redisUrl, 'command', 'test');
  const names = namesOf(env);
  const recorded = recorder();
  const log = recorded as unknown as Logger;
  const started: FlowListener[] = [];
  const rows = async <R>(sql: string): Promise<R[]> => (await database.pool.query(sql)).rows as R[];
  return {
    env,
    db,
    names,
    redis,
    redisUrl,
    log: recorded.lines,
    logger: log,
    rows,
    databaseUrl: database.url,
    async start(given: { db?: Pool; retentionDays?: number } = {}): Promise<FlowListener> {
      const app = buildApp({ db, redisUrl, env, pipeline, log, retentionDays: 30, ...given });
      started.push(app);
      await app.start();
      return app;
    },
    /** As a service emits: on its stream, and published. @returns the event's id */
    emit: (emitter: string, event: string, fields: object): Promise<string> =>
      emit({ transport: new RedisEmitter(redis, names), schemas, emitter }, event, { ...fields }),
    publish: (channel: string, text: string) => redis.publish(names.channel(channel), text),
    logged: () => rows<Logged>('select channel, event, event_id, raw from flow_log order by seq'),
    async close(): Promise<void> {
      for (const app of started) await app.close();
      redis.disconnect();
      await db.end();
      await database.drop();
    },
  };
}

export { until };
