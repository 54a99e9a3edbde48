import { startPipelineService } from '@afk/runtime';
import { buildApp } from './app.ts';
import { openSource } from './encoders/open.ts';
import { env } from './env.ts';
import { connectQdrant } from './store/qdrant.ts';
import { QueryClient } from './store/query.ts';

await startPipelineService('semantic-matcher', env, async ({ service, db, env, log }) => {
  const where = { url: env.QDRANT_URL, apiKey: env.QDRANT_API_KEY };
  const source = await openSource(env, { db, log });
  return buildApp(service, {
    db,
    qdrant: connectQdrant(where),
    queries: new QueryClient(where),
    source,
    log,
  });
});
