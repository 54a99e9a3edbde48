import { commonEnv } from '@afk/runtime';
import { z } from 'zod';

export const env = commonEnv.extend({
  FRONT_HOST: z.string().default('127.0.0.1'),
  FRONT_PORT: z.coerce.number().int().min(0).max(65_535).default(4321),
  /** The API that the pages are drawn from. */
  AFK_API_URL: z.url().default('http://127.0.0.1:3000'),
  /** Where builds are kept; the newest is served at the next start. */
  SITE_DIR: z.string().default('.afk/site'),
});
