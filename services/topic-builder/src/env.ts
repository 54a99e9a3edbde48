import { BUCKET_MINUTES, WINDOW_HOURS } from '@afk/contracts';
import { commonEnv, databaseEnv } from '@afk/runtime';
import { z } from 'zod';

const MOST_BARS = 1000;

const settings = commonEnv.extend(databaseEnv.shape).extend({
  /** Headlines older than this are not grouped any more. */
  TOPIC_WINDOW_HOURS: z.coerce
    .number()
    .min(1)
    .max(24 * 30)
    .default(WINDOW_HOURS),
  /** Width of one point of a trend. */
  TREND_BUCKET_MINUTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(24 * 60)
    .default(BUCKET_MINUTES),
  /** Headlines that make a topic a trend. */
  TREND_MIN_HEADLINES: z.coerce.number().int().min(2).default(3),
});

export const env = settings.refine((e) => (e.TOPIC_WINDOW_HOURS * 60) / e.TREND_BUCKET_MINUTES <= MOST_BARS, {
  path: ['TREND_BUCKET_MINUTES'],
  error: `so narrow that TOPIC_WINDOW_HOURS has more than ${MOST_BARS} of them`,
});
