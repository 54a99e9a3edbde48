import { startPipelineService } from '@afk/runtime';
import { buildApp } from './app.ts';
import { env } from './env.ts';
import { trainOnSeed } from './model.ts';

await startPipelineService('classifier-bridge', env, ({ service, db, env, log }) => {
  const started = performance.now();
  const { name, model } = trainOnSeed();
  log.info({ model: name, ms: Math.round(performance.now() - started) }, 'model trained');
  return buildApp(service, { db, name, model, threshold: env.CLASSIFIER_THRESHOLD });
});
