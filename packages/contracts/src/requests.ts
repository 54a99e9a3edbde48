import { z } from 'zod';
import { categoryIds } from './categories.ts';
import { instant } from './envelope.ts';
import { languageCode } from './language.ts';

/** What a search may be counted by. */
export const facetNames = ['category', 'language', 'publisher', 'day'] as const;
export type FacetName = (typeof facetNames)[number];

/** Where the list of hits ends: who has not found it among so many asks another question. */
export const MAX_HITS = 200;

/** A headline that was found, and why. Ranks begin with 1. */
export const searchHit = z.object({
  /** Headline id. */
  id: z.string(),
  /** Larger is better; comparable within one answer only. */
  score: z.number(),
  /** Its place in the list of those that have the words; null: it has none of them. */
  sparse_rank: z.int().positive().nullable(),
  /** Its place in the list of those that mean the like; null: it is not among them. */
  dense_rank: z.int().positive().nullable(),
  /** The story that it belongs to, where it belongs to one. */
  story: z.string().nullable(),
  /** Ids of further hits of the same story that stand behind this one, best first; `others` of them in all. */
  also: z.array(z.string()),
  others: z.int().nonnegative(),
});

/** The schemas of every request and its reply, by channel. */
export const requests = {
  splade_search: {
    request: z
      .object({
        /** Words, and the syntax of `@afk/search`: `"a phrase"`, `-word`, `publisher:`, `category:`, `after:`. */
        query: z.string().max(1000).default(''),
        /** Headlines like this one, by its id; the query may then only filter. */
        like: z.guid().optional(),
        limit: z.int().min(1).max(100).default(20),
        /** Hits to pass over; after {@link MAX_HITS} there are none. */
        offset: z.int().min(0).max(MAX_HITS).default(0),
        category: z.enum(categoryIds).optional(),
        language: languageCode.optional(),
        publisher: z.string().max(300).optional(),
        from: instant.optional(),
        to: instant.optional(),
        /** `recent`: of two that fit about as well, the newer first. */
        sort: z.enum(['relevance', 'recent']).default('relevance'),
        /** What "now" is to `sort` and to `after:3d`. Default: the wall clock. */
        clock: instant.optional(),
        /** One hit a story, the others behind it. */
        collapse: z.boolean().default(true),
        facets: z.array(z.enum(facetNames)).max(facetNames.length).default([]),
      })
      .refine(({ query, like }) => query.trim() !== '' || like !== undefined, {
        path: ['query'],
        error: 'a query, or the id of a headline in "like", is needed',
      }),
    reply: z.object({
      hits: z.array(searchHit),
      /** Hits in the whole list, of which this is a page. */
      total: z.int().nonnegative(),
      /** The commonest values first, over the whole list before it was collapsed. */
      facets: z.partialRecord(
        z.enum(facetNames),
        z.array(z.object({ value: z.string(), count: z.int().positive() })),
      ),
      /** The words as they were searched for: without syntax, misspelt ones corrected. */
      searched: z.string(),
      /** Words that are not among those known from headlines, as typed, and what was searched for in their place. */
      corrections: z.array(z.object({ word: z.string(), to: z.string() })),
      /** What the reader should know of this answer, in sentences. */
      notes: z.array(z.string()),
      /** Names and versions of the encoders that answered; null: none of the kind did. */
      encoder: z.object({ sparse: z.string().nullable(), dense: z.string().nullable() }),
      /** ms; `encode`: of the query; `vectors`: waiting for Qdrant; `total`: all of it. */
      took_ms: z.object({ encode: z.number(), vectors: z.number(), total: z.number() }),
    }),
  },
} as const;

export type SearchHit = z.infer<typeof searchHit>;
export type RequestName = keyof typeof requests;
export type RequestOf<N extends RequestName> = z.infer<(typeof requests)[N]['request']>;
export type RequestInput<N extends RequestName> = z.input<(typeof requests)[N]['request']>;
export type ReplyOf<N extends RequestName> = z.infer<(typeof requests)[N]['reply']>;
