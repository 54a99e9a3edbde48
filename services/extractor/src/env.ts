import { commonEnv, databaseEnv } from '@afk/runtime';
import { z } from 'zod';

export const env = commonEnv.extend(databaseEnv.shape).extend({
  /** An OPML file's path or URL. Without it: the feeds imported with `afk feeds import`, else the demo. */
  AFK_FEEDS: z.string().optional(),
  /** 1: feeds on private and loopback addresses may be fetched. */
  AFK_ALLOW_PRIVATE_FEEDS: z.enum(['0', '1']).default('0'),
  /** The clock of every run that names none itself. ISO 8601. */
  AFK_AS_OF: z.iso.datetime({ offset: true }).optional(),
  /** Longest that fetching one feed may take, and as long again that reading it may, ms. */
  FEED_TIMEOUT_MS: z.coerce.number().int().min(100).max(300_000).default(15_000),
  /** Largest feed, bytes after decompression. */
  FEED_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1024)
    .default(10 * 1024 * 1024),
  /** How long headlines are kept, days; 0 for ever. */
  HEADLINES_RETENTION_DAYS: z.coerce.number().min(0).max(36_500).default(0),
  /** Feeds fetched at the same time. */
  FEED_CONCURRENCY: z.coerce.number().int().min(1).max(256).default(16),
});
export type Env = z.infer<typeof env>;
