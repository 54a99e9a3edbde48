import { commonEnv, databaseEnv } from '@afk/runtime';
import { z } from 'zod';

export const env = commonEnv.extend(databaseEnv.shape).extend({
  QDRANT_URL: z.url().default('http://127.0.0.1:6333'),
  QDRANT_API_KEY: z.string().optional(),
});
