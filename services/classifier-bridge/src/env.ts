import { commonEnv, databaseEnv } from '@afk/runtime';
import { z } from 'zod';

export const env = commonEnv.extend(databaseEnv.shape).extend({
  /** Below this probability a category is not given: "unsure" rather than a guess. */
  CLASSIFIER_THRESHOLD: z.coerce.number().min(0).max(1).default(0.3),
});
