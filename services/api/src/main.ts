import { connect, createRequester, pipelineNames, type Role } from '@afk/bus';
import { createPool } from '@afk/database';
import { main, readPipeline, version } from '@afk/runtime';
import { buildApp } from './app.ts';
import { checkAll } from './checks.ts';
import { apiEnv } from './env.ts';
import { deadLettersOf, testEmitterOf } from './redis.ts';

await main('api', apiEnv, async ({ env, log, registry, resources }) => {
  const pipeline = readPipeline(env.PIPELINE_FILE);
  const names = pipelineNames(env.ENV, pipeline);
  const onError = (error: Error): void => log.warn({ error: error.message }, 'connection');
  const open = async (role: Role) =>
    resources.add(`redis ${role}`, await connect(env.REDIS_URL, role, 'api', onError), async (r) =>
      r.disconnect(),
    );

  const pool = createPool(env.DATABASE_URL, { size: env.DATABASE_POOL, name: 'api', onError });
  resources.add('postgres', pool, (p) => p.end());
  const redis = await open('command');
  const clients = { command: redis, subscriber: await open('subscriber') };
  const requester = await createRequester({ ...clients, names, channels: ['splade_search'] });
  resources.add('requester', requester, (r) => r.close());
  const app = buildApp({
    db: pool,
    ask: requester.ask,
    pipeline,
    deadLetters: deadLettersOf(redis, names, Object.keys(pipeline.services)),
    emitTest: testEmitterOf(redis, names),
    allowPrivateWebhooks: env.AFK_ALLOW_PRIVATE_WEBHOOKS === '1',
    checks: () => checkAll(pool, redis),
    registry,
    version,
    log,
  });
  resources.add('http', app, (a) => a.close());
  log.info({ address: await app.listen({ host: env.API_HOST, port: env.API_PORT }) }, 'serving');
});
