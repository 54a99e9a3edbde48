import { z } from 'zod';
import { categoryIds } from './categories.ts';
import { instant } from './envelope.ts';

/** Why a headline was found. */
export const searchHit = z.object({
  /** Headline id. */
  id: z.string(),
  score: z.number(),
});

/** The schemas of every request and its reply, by channel. */
export const requests = {
  splade_search: {
    request: z.object({
      query: z.string().min(1).max(1000),
      limit: z.int().min(1).max(100).default(20),
      category: z.enum(categoryIds).optional(),
      language: z.enum(['fr', 'en']).optional(),
      from: instant.optional(),
      to: instant.optional(),
    }),
    reply: z.object({
      hits: z.array(searchHit),
      /** Name of the encoder that read the query. */
      encoder: z.string(),
      took_ms: z.number(),
    }),
  },
} as const;

export type RequestName = keyof typeof requests;
export type RequestOf<N extends RequestName> = z.infer<(typeof requests)[N]['request']>;
export type RequestInput<N extends RequestName> = z.input<(typeof requests)[N]['request']>;
export type ReplyOf<N extends RequestName> = z.infer<(typeof requests)[N]['reply']>;
