import { commonEnv, databaseEnv } from '@afk/runtime';
import { z } from 'zod';

/** What the API is told. It serves `/health` and `/metrics` itself: HEALTH_HOST and HEALTH_PORT do nothing here. */
export const apiEnv = commonEnv.extend(databaseEnv.shape).extend({
  API_HOST: z.string().default('127.0.0.1'),
  /** 1: webhooks of saved searches may lie on private and loopback addresses. */
  AFK_ALLOW_PRIVATE_WEBHOOKS: z.enum(['0', '1']).default('0'),
  API_PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
});
