import { startPipelineService } from '@afk/runtime';
import { buildApp } from './app.ts';
import { env } from './env.ts';

await startPipelineService('topic-builder', env, ({ service, db, env }) =>
  buildApp(service, {
    db,
    windowMs: env.TOPIC_WINDOW_HOURS * 3_600_000,
    bucketMs: env.TREND_BUCKET_MINUTES * 60_000,
    minHeadlines: env.TREND_MIN_HEADLINES,
  }),
);
