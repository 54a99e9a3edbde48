import { startPipelineService } from '@afk/runtime';
import { buildApp } from './app.ts';
import { env } from './env.ts';
import { createReader } from './reader/reader.ts';
import { createFetcher } from './source/http.ts';

await startPipelineService('extractor', env, ({ service, db, env, log, resources }) => {
  const fetcher = createFetcher({
    timeoutMs: env.FEED_TIMEOUT_MS,
    maxBytes: env.FEED_MAX_BYTES,
    allowPrivate: env.AFK_ALLOW_PRIVATE_FEEDS === '1',
  });
  resources.add('fetcher', fetcher, (f) => f.close());
  const reader = createReader({ timeoutMs: env.FEED_TIMEOUT_MS });
  resources.add('reader', reader, (r) => r.close());
  return buildApp(service, {
    db,
    fetcher,
    reader,
    log,
    feedList: env.AFK_FEEDS,
    asOf: env.AFK_AS_OF ? new Date(env.AFK_AS_OF) : undefined,
    concurrency: env.FEED_CONCURRENCY,
    retentionDays: env.HEADLINES_RETENTION_DAYS,
  });
});
