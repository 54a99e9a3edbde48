import { connect, pipelineNames } from '@afk/bus';
import { createPool } from '@afk/database';
import { answers, main, readPipeline, serveHealth, version } from '@afk/runtime';
import { buildApp } from './app.ts';
import { env } from './env.ts';
import { addFigures } from './figures/figures.ts';

await main('flow-listener', env, async ({ env, log, registry, resources }) => {
  const pipeline = readPipeline(env.PIPELINE_FILE);
  const db = resources.add(
    'postgres',
    createPool(env.DATABASE_URL, { size: 2, name: 'afk:flow-listener' }),
    (p) => p.end(),
  );
  const app = buildApp({
    db,
    redisUrl: env.REDIS_URL,
    env: env.ENV,
    pipeline,
    log,
    retentionDays: env.FLOW_RETENTION_DAYS,
  });
  resources.add('listener', app, (a) => a.close());
  await app.start();
  const onError = (error: Error): void => log.warn({ error: error.message }, 'redis connection');
  const redis = await connect(env.REDIS_URL, 'command', 'flow-listener:figures', onError);
  resources.add('figures', redis, async (r) => r.disconnect());
  const names = pipelineNames(env.ENV, pipeline);
  addFigures(registry, { db, redis, names, services: Object.keys(pipeline.services) });
  const checks = async () => ({ redis: { ok: await app.healthy() }, postgres: await answers(db) });
  const { HEALTH_HOST: host, HEALTH_PORT: port } = env;
  const health = await serveHealth({ service: 'flow-listener', version, host, port, registry, checks });
  resources.add('health', health, (h) => h.close());
});
