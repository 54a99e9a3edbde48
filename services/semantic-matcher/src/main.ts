import { bm25Encoder } from '@afk/encoders';
import { startPipelineService } from '@afk/runtime';
import { buildApp } from './app.ts';
import { env } from './env.ts';
import { IndexStore } from './store/index-store.ts';

await startPipelineService('semantic-matcher', env, ({ service, db, env }) => {
  const encoder = bm25Encoder();
  const { QDRANT_URL: url, QDRANT_API_KEY: apiKey } = env;
  const index = new IndexStore({ url, apiKey, encoder, prefix: service.names.prefix });
  return buildApp(service, { db, index, encoder: `${encoder.name}-${encoder.version}` });
});
