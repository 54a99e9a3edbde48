import { commonEnv, databaseEnv } from '@afk/runtime';
import { z } from 'zod';

export const env = commonEnv.extend(databaseEnv.shape).extend({
  /** 1: webhooks may lie on private and loopback addresses. */
  AFK_ALLOW_PRIVATE_WEBHOOKS: z.enum(['0', '1']).default('0'),
  /** Where people find the page: deliveries link to it. */
  AFK_PUBLIC_URL: z
    .string()
    .regex(/^https?:\/\/[^\s?#]+$/, 'an http or https URL, such as https://news.example')
    .default('http://127.0.0.1:4321'),
});
