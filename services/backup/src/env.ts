import { commonEnv, databaseEnv } from '@afk/runtime';
import { z } from 'zod';

export const env = commonEnv.extend(databaseEnv.shape).extend({
  /** Where backups are kept, a folder each. */
  BACKUP_DIR: z.string().default('.afk-backups'),
  /** Backups that are kept at most. */
  BACKUP_KEEP: z.coerce.number().int().min(1).max(10_000).default(7),
  /** How old one may be, days; 0: of any age. The newest is kept however old. */
  BACKUP_KEEP_DAYS: z.coerce.number().min(0).max(36_500).default(30),
  /** The data folder of Redis, as seen from here. Without it backups are without Redis, and say so. */
  REDIS_DATA_DIR: z.string().optional(),
  QDRANT_URL: z.url().default('http://127.0.0.1:6333'),
  QDRANT_API_KEY: z.string().optional(),
});
export type Env = z.infer<typeof env>;
