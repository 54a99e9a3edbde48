import { startPipelineService, version } from '@afk/runtime';
import { buildApp } from './app.ts';
import { env } from './env.ts';
import { backupMetrics } from './metrics.ts';

await startPipelineService('backup', env, ({ service, db, env, log, registry }) =>
  buildApp(service, {
    db,
    dir: env.BACKUP_DIR,
    keep: { count: env.BACKUP_KEEP, days: env.BACKUP_KEEP_DAYS },
    source: {
      databaseUrl: env.DATABASE_URL,
      qdrant: { url: env.QDRANT_URL, apiKey: env.QDRANT_API_KEY },
      redis: { url: env.REDIS_URL, dataDir: env.REDIS_DATA_DIR },
      env: env.ENV,
      version,
    },
    metrics: backupMetrics(registry),
    log,
  }),
);
