import { startPipelineService } from '@afk/runtime';
import { buildApp } from './app.ts';
import { openSource } from './encoders/open.ts';
import { env } from './env.ts';
import { connectQdrant } from './store/qdrant.ts';

await startPipelineService('semantic-matcher', env, async ({ service, db, env, log }) => {
  const qdrant = connectQdrant({ url: env.QDRANT_URL, apiKey: env.QDRANT_API_KEY });
  return buildApp(service, { db, qdrant, source: await openSource(env, { db, log }), log });
});
