import { startPipelineService } from '@afk/runtime';
import { buildApp } from './app.ts';
import { openSource } from './encoders/open.ts';
import { env } from './env.ts';
import { addressOf } from './store/address.ts';
import { connectQdrant } from './store/qdrant.ts';
import { QueryClient } from './store/query.ts';

await startPipelineService('semantic-matcher', env, async ({ service, db, env, log }) => {
  const where = addressOf(env.QDRANT_URL, env.QDRANT_API_KEY);
  const source = await openSource(env, { db, log });
  return buildApp(service, {
    db,
    qdrant: connectQdrant(where),
    queries: new QueryClient(where),
    source,
    log,
  });
});
