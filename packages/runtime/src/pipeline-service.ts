import { readFileSync } from 'node:fs';
import { defineService, type Service } from '@afk/bus';
import { assertPipeline, parsePipeline, PipelineError, type Pipeline } from '@afk/contracts';
import { createPool, type Pool } from '@afk/database';
import type { z } from 'zod';
import type { commonEnv, databaseEnv } from './env.ts';
import { serveHealth, type Checks } from './health.ts';
import { main, type Process } from './main.ts';
import { busMetrics } from './metrics.ts';
import { version } from './version.ts';

type BusEnv = z.infer<typeof commonEnv>;
type PipelineEnv = BusEnv & z.infer<typeof databaseEnv>;

export type BusWiring<E> = Process<E> & { service: Service; pipeline: Pipeline };
export type Wiring<E> = BusWiring<E> & { db: Pool };

/** What a service's `buildApp` gives back: it is started, asked how it is, and closed. */
export type App = Pick<Service, 'start' | 'close' | 'healthy'> & { checks?: () => Promise<Checks> };

/**
 * Runs a service of the pipeline: settings, log, bus, health and metrics, in that order, and back in
 * the other.
 *
 * @param build registers the handlers
 */
export async function startBusService<E extends BusEnv>(
  name: string,
  schema: z.ZodType<E>,
  build: (wiring: BusWiring<E>) => App | Promise<App>,
): Promise<void> {
  await main(name, schema, async (process) => {
    const { env, log, registry, resources } = process;
    const pipeline = readPipeline(env.PIPELINE_FILE);
    const service = defineService(name, {
      pipeline,
      redisUrl: env.REDIS_URL,
      env: env.ENV,
      log,
      metrics: busMetrics(registry),
    });
    const app = await build({ ...process, service, pipeline });
    resources.add('bus', app, (a) => a.close());
    await app.start();
    const checks = async (): Promise<Checks> => ({
      redis: { ok: await app.healthy() },
      ...(await app.checks?.()),
    });
    const { HEALTH_HOST: host, HEALTH_PORT: port } = env;
    const health = await serveHealth({ service: name, version, host, port, registry, checks });
    resources.add('health', health, (h) => h.close());
  });
}

/** {@link startBusService} for a service that keeps something in PostgreSQL. */
export async function startPipelineService<E extends PipelineEnv>(
  name: string,
  schema: z.ZodType<E>,
  build: (wiring: Wiring<E>) => App | Promise<App>,
): Promise<void> {
  await startBusService(name, schema, async (wiring) => {
    const { env, log, resources } = wiring;
    const onError = (error: Error): void => log.warn({ error: error.message }, 'postgres connection');
    const db = createPool(env.DATABASE_URL, { size: env.DATABASE_POOL, name: `afk:${name}`, onError });
    resources.add('postgres', db, (pool) => pool.end());
    const app = await build({ ...wiring, db });
    const checks = async (): Promise<Checks> => ({ postgres: await answers(db), ...(await app.checks?.()) });
    return { start: () => app.start(), close: () => app.close(), healthy: () => app.healthy(), checks };
  });
}

/** @throws PipelineError with everything that is wrong with the file */
export function readPipeline(file: string): Pipeline {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new PipelineError([`${file} cannot be read: ${(cause as Error).message}`]);
  }
  return assertPipeline(parsePipeline(text));
}

/** Whether PostgreSQL answers, as a health check. */
export async function answers(db: Pool): Promise<{ ok: boolean; detail?: string }> {
  try {
    await db.query('select 1');
    return { ok: true };
  } catch (error) {
    return { ok: false, detail: (error as Error).message };
  }
}
