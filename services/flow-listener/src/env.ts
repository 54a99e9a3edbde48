import { commonEnv, databaseEnv } from '@afk/runtime';
import { z } from 'zod';

export const env = commonEnv.extend(databaseEnv.shape).extend({
  /** How long the flow log is kept, days. */
  FLOW_RETENTION_DAYS: z.coerce.number().min(0.01).max(3650).default(30),
});
