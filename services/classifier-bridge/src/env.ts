import { commonEnv, databaseEnv } from '@afk/runtime';
import { z } from 'zod';

/** Its errors are told with the address: nothing secret may be part of it. */
const serverUrl = z.url({ protocol: /^https?$/, error: 'a URL http://host:port' }).refine((url) => {
  const { username, password, search, hash } = new URL(url);
  return username + password + search + hash === '';
}, 'a URL without user, password, query and fragment');

export const env = commonEnv
  .extend(databaseEnv.shape)
  .extend({
    /** Below this probability a category is not given: "unsure" rather than a guess. */
    CLASSIFIER_THRESHOLD: z.coerce.number().min(0).max(1).default(0.3),
    /** Who classifies: the linear model, a server with a model of one's own, a language model. */
    CLASSIFIER_PROVIDER: z.enum(['linear', 'http', 'llm']).default('linear'),
    /** The linear model: the active one, or this version whatever is active. */
    CLASSIFIER_MODEL: z.string().default('active'),
    CLASSIFIER_URL: serverUrl.optional(),
    CLASSIFIER_LLM_URL: serverUrl.optional(),
    CLASSIFIER_LLM_MODEL: z.string().max(80).optional(),
    CLASSIFIER_LLM_KEY: z
      .string()
      .regex(/^[\x21-\x7e]+$/, 'letters, digits and signs only')
      .optional(),
    /** Headlines a request. */
    CLASSIFIER_BATCH: z.coerce.number().int().min(1).max(500).default(20),
    /** Requests at the same time. */
    CLASSIFIER_CONCURRENCY: z.coerce.number().int().min(1).max(32).default(2),
    /** One request, ms. */
    CLASSIFIER_TIMEOUT_MS: z.coerce.number().int().min(100).max(600_000).default(60_000),
  })
  .superRefine((given, ctx) => {
    const { CLASSIFIER_PROVIDER: provider } = given;
    const needed = {
      linear: [],
      http: ['CLASSIFIER_URL'],
      llm: ['CLASSIFIER_LLM_URL', 'CLASSIFIER_LLM_MODEL'],
    } as const;
    for (const name of needed[provider]) {
      if (given[name] === undefined) {
        ctx.addIssue({ code: 'custom', path: [name], message: `needed for CLASSIFIER_PROVIDER=${provider}` });
      }
    }
  });
export type Env = z.infer<typeof env>;
