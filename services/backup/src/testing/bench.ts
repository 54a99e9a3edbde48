import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, defineService, emit, payloadOf, RedisEmitter, type AnyEvent } from '@afk/bus';
import { events, parsePipeline } from '@afk/contracts';
import { freshDatabase, recorder, testEnv, testRedisUrl } from '@afk/local/testing';
import { startQdrantLocal } from '@afk/qdrant-local';
import { createRegistry } from '@afk/runtime';
import { buildApp } from '../app.ts';
import type { Deps } from '../handlers/trigger-backup.ts';
import { backupMetrics } from '../metrics.ts';

export function testPipeline() {
  const file = new URL('../../../../pipeline.json', import.meta.url);
  const pipeline = parsePipeline(readFileSync(file, 'utf8'));
  pipeline.services['backup']!.retry = { attempts: 2, backoff_ms: 20, max_backoff_ms: 40 };
  return pipeline;
}

/** The service on a real bus, with real stores. Redis' folder is out of its reach: that is `backup-files`' test. */
export async function bench(changes: Partial<Deps> = {}) {
  const [database, redisUrl, env] = [await freshDatabase(), await testRedisUrl(), testEnv()];
  const vectors = await startQdrantLocal();
  const dir = await mkdtemp(join(tmpdir(), 'afk-backup-'));
  const [log, registry] = [recorder(), createRegistry('backup')];
  const service = defineService('backup', { pipeline: testPipeline(), redisUrl, env, log });
  const app = buildApp(service, {
    db: database.pool,
    dir,
    keep: { count: 2, days: 30 },
    source: {
      databaseUrl: database.url,
      qdrant: { url: vectors.url },
      redis: { url: redisUrl, dataDir: undefined },
      // That of the bus differs from bench to bench; the folder may be one.
      env: '',
      version: '0.1.0',
    },
    metrics: backupMetrics(registry),
    log: log as never,
    ...changes,
  });
  await app.start();
  const redis = await connect(redisUrl, 'command', 'test');
  const { names } = service;
  return {
    app,
    dir,
    database,
    registry,
    log: log.lines,
    /** As the clock or a person asks. */
    ask: (correlationId: string) =>
      redis.publish(
        names.channel('ofelia'),
        JSON.stringify({ event: 'trigger-backup', correlation_id: correlationId }),
      ),
    /** Whether a trigger lies in the stream. */
    waits: async (correlationId: string): Promise<boolean> =>
      JSON.stringify(await redis.xrange(names.stream('ofelia'), '-', '+')).includes(correlationId),
    /** As the stream has it, with an id. */
    async deliver(id: string): Promise<void> {
      const transport = new RedisEmitter(redis, names);
      const fields = { correlation_id: id };
      await emit({ transport, schemas: events, emitter: 'ofelia' }, 'trigger-backup', fields, { id });
    },
    emitted: async (): Promise<AnyEvent[]> =>
      (await redis.xrange(names.stream('backup'), '-', '+')).map(
        ([, entry]) => JSON.parse(payloadOf(entry)) as AnyEvent,
      ),
    async close(): Promise<void> {
      await app.close();
      redis.disconnect();
      await vectors.close();
      await database.drop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
