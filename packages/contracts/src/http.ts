import { z } from 'zod';
import { categoryIds } from './categories.ts';
import { instant } from './envelope.ts';

/** HTTP shapes of the API, shared by the server and the page that reads it. All times are ISO 8601 UTC. */

const categorised = z
  .object({ id: z.enum(categoryIds), probability: z.number().min(0).max(1) })
  .nullable()
  .describe('Null where the classifier is not sure');

export const headline = z.object({
  id: z.string(),
  title: z.string(),
  url: z.string(),
  summary: z.string(),
  publisher: z.string(),
  language: z.string().describe('ISO 639-1, or und: not known'),
  published_at: instant,
  category: categorised,
  trend_id: z.string().nullable(),
  demo: z.boolean().describe('An invented headline of the demo feeds'),
});

export const trend = z.object({
  id: z.string(),
  label: z.string().describe('Its most central headline'),
  keywords: z.array(z.string()),
  category: categorised,
  status: z
    .enum(['emerging', 'rising', 'peaking', 'fading', 'dormant'])
    .describe(
      'emerging: first seen less than 12 hours ago. rising: a burst, or more headlines than expected, and gaining speed. ' +
        'peaking: at its height, no longer gaining speed. fading: below its height. dormant: silent for a day',
    ),
  score: z
    .number()
    .describe(
      'Recent volume, breadth and newness in one figure: larger is more prominent. Each publisher counts by shares of its own output',
    ),
  velocity: z.number().describe('Headlines/h: the rate of the last 6 hours less that of the 24 hours before'),
  acceleration: z.number().describe('Headlines/h²: by how much velocity grew in the last 6 hours'),
  z: z
    .number()
    .describe(
      'Standard deviations by which the last 3 hours lie above what the trend’s share of all headlines led one to expect',
    ),
  burst: z
    .object({
      active: z
        .boolean()
        .describe('It has at least twice its usual share of all headlines, for longer than chance has'),
      weight: z
        .number()
        .min(0)
        .describe('How much likelier the burst makes the counts, as a natural logarithm; 0 without one'),
      since: instant.nullable().describe('The beginning of its first hour; null without one'),
    })
    .describe('Kleinberg’s automaton with two states, headlines of the trend against all'),
  headlines: z.int().describe('Headlines in the window'),
  publishers: z.int().describe('Distinct publishers in the window'),
  languages: z.array(z.string()),
  first_seen: instant,
  last_seen: instant,
  sparkline: z.array(z.int()).describe('Headlines a bucket over the window, oldest first'),
  demo: z.boolean(),
});

export const trendList = z.object({
  as_of: instant.nullable().describe('The clock of the run that built this; null before the first run'),
  batch_id: z.string().nullable(),
  demo: z.boolean().describe('The headlines are the demo feeds’ inventions'),
  window_hours: z.number().describe('What this run’s trends were built with; may have decimals'),
  bucket_minutes: z.number(),
  total: z.int(),
  items: z.array(trend),
});

export const trendDetail = trend.extend({
  as_of: instant.nullable(),
  bucket_minutes: z.number().describe('Width of the newest bars'),
  points: z
    .array(
      z.object({
        at: instant.describe('Where the bar begins'),
        minutes: z.number().positive().describe('Its width: days a week after, weeks three months after'),
        count: z.int(),
      }),
    )
    .describe('Headlines a bar over the trend’s life, oldest first, without gaps'),
  by_publisher: z.array(z.object({ publisher: z.string(), count: z.int() })),
  items: z.array(headline).describe('Newest first'),
});

export const trendEvent = z.object({
  at: instant.describe('The clock of the run that saw it'),
  kind: z
    .enum(['born', 'split_from', 'grown', 'absorbed', 'merged', 'split', 'slept', 'revived'])
    .describe(
      'born: followed from here on. split_from: followed from here on, as what was a part of `other`. ' +
        'grown: at least half as many headlines again as were last told. absorbed: `other` went into it. ' +
        'merged: it went into `other`, which goes on for both. split: a part of it left and goes on as `other`. ' +
        'slept: silent for a day, or out of the window. revived: in the news again after that',
    ),
  batch_id: z.string().describe('The run that saw it'),
  headlines: z.int().describe('Headlines that it had in the window then'),
  other: z
    .object({
      id: z.string(),
      label: z.string().describe('As it is now, or was last'),
      language: z.string().nullable().describe('Of the label, ISO 639-1'),
      merged_into: z
        .string()
        .nullable()
        .describe('The trend that it has gone into; null: it has a page of its own'),
    })
    .nullable()
    .describe('The trend that it met or parted from; null where the event has none'),
});

export const trendHistory = z.object({
  trend_id: z.string(),
  total: z.int().describe('All of its events, up to the clock of the current trends'),
  items: z.array(trendEvent).describe('Newest first'),
});

export const headlineList = z.object({
  total: z.int(),
  limit: z.int(),
  offset: z.int(),
  items: z.array(headline),
});

/** Stretches of a text, [start, end), in UTF-16 code units. */
const ranges = z.array(z.tuple([z.int().nonnegative(), z.int().positive()]));

export const foundHeadline = headline.extend({
  relevance: z.number().describe('Larger is better; comparable within one answer only'),
  why: z
    .object({
      sparse_rank: z
        .int()
        .nullable()
        .describe('Its place among those that have the words; null: it has none'),
      dense_rank: z
        .int()
        .nullable()
        .describe('Its place among those that mean the like; null: not among them'),
      matched: z
        .array(z.string())
        .describe('Words of the headline or its summary that were searched for, as written'),
      title: ranges.describe('Where they stand in the title: [start, end) in UTF-16 code units'),
      summary: ranges.describe('Where they stand in the summary'),
    })
    .describe('Why it was found'),
  story: z.object({
    others: z.int().describe('Further hits of the same story that are not listed themselves'),
    items: z
      .array(z.object({ id: z.string(), title: z.string(), url: z.string(), publisher: z.string() }))
      .describe('The best of them'),
  }),
});

export const facetValue = z.object({ value: z.string(), count: z.int() });

export const searchResult = z.object({
  query: z.string(),
  like: headline.nullable().describe('The headline that those are to be like'),
  searched: z
    .string()
    .describe('The words as they were searched for: without syntax, misspelt ones corrected'),
  corrections: z
    .array(z.object({ word: z.string(), to: z.string() }))
    .describe(
      'Words that are not among those known from headlines, and what was searched for in their place',
    ),
  as_typed: z
    .string()
    .nullable()
    .describe('The `q` that searches for those words as they were typed; null: nothing was corrected'),
  notes: z.array(z.string()).describe('What the reader should know of this answer'),
  took_ms: z
    .object({
      total: z.number().describe('From the request to the answer'),
      bus: z.number().describe('On the way to the search service and back'),
      encode: z.number().describe('Making vectors of the query'),
      vectors: z.number().describe('Waiting for Qdrant'),
    })
    .describe('Milliseconds'),
  encoder: z.object({ sparse: z.string().nullable(), dense: z.string().nullable() }),
  total: z.int().describe('Hits in the whole list, which ends at 200'),
  next: z.string().nullable().describe('The cursor of the next page; null: this is the last'),
  facets: z
    .object({
      category: z.array(facetValue).optional(),
      language: z.array(facetValue).optional(),
      publisher: z.array(facetValue).optional(),
      day: z.array(facetValue).optional().describe('UTC, newest first'),
    })
    .describe('What was asked for by `facets`, counted over the whole list before it was collapsed'),
  items: z.array(foundHeadline),
});

export const suggestions = z.object({
  q: z.string(),
  items: z.array(
    z.object({
      text: z.string().describe('What to search for in place of what was typed'),
      kind: z.enum(['word', 'story', 'publisher', 'category']),
      headlines: z.int().describe('How many headlines have it'),
    }),
  ),
});

export const feed = z.object({
  id: z.string(),
  url: z.string(),
  title: z.string(),
  language: z.string().nullable(),
  state: z.enum(['new', 'ok', 'not_modified', 'failing']),
  last_fetched_at: instant.nullable(),
  last_success_at: instant.nullable(),
  last_error: z.string().nullable(),
  failures: z.int().describe('Failures in a row'),
  headlines: z.int(),
  demo: z.boolean(),
});
export const feedList = z.object({ total: z.int(), items: z.array(feed) });

export const batch = z.object({
  id: z.string(),
  correlation_id: z.string(),
  as_of: instant,
  status: z.enum(['running', 'complete', 'failed']),
  started_at: instant,
  finished_at: instant.nullable(),
  seconds: z.number().nullable(),
  headlines: z.int().nullable(),
  topics: z.int().nullable(),
  trends: z.int().nullable(),
  indexed: z.int().nullable(),
});
export const batchList = z.object({ total: z.int(), items: z.array(batch) });

export const flowEvent = z.object({
  at: instant,
  channel: z.string(),
  event: z.string().nullable(),
  id: z.string().nullable(),
  batch_id: z.string().nullable(),
  correlation_id: z.string().nullable(),
  payload: z.unknown(),
});

export const batchDetail = batch.extend({
  stages: z
    .array(
      z.object({
        service: z.string(),
        event: z.string(),
        started_at: instant,
        finished_at: instant,
        seconds: z.number(),
        count: z.int().nullable(),
      }),
    )
    .describe('The waterfall: each stage from the event before it to its own'),
  events: z.array(flowEvent).describe('Every event of the run, in order of arrival'),
});

export const deadLetter = z.object({
  id: z.string(),
  service: z.string(),
  at: instant,
  channel: z.string(),
  event: z.string().nullable(),
  reason: z.string(),
  attempts: z.int(),
  handler: z.string().nullable(),
});
export const deadLetterList = z.object({ total: z.int(), items: z.array(deadLetter) });

export const pipelineView = z.object({
  pipeline: z.object({ name: z.string(), version: z.string(), description: z.string() }),
  services: z.record(z.string(), z.unknown()),
  edges: z.array(
    z.object({ from: z.string(), to: z.string(), label: z.string(), kind: z.enum(['event', 'request']) }),
  ),
});

export const health = z.object({
  status: z.enum(['ok', 'degraded']),
  service: z.string(),
  version: z.string(),
  checks: z.record(z.string(), z.object({ ok: z.boolean(), detail: z.string().optional() })),
});

/** RFC 9457. `errors` names each field that is wrong. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  instance: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});

export type Headline = z.infer<typeof headline>;
export type Trend = z.infer<typeof trend>;
export type TrendList = z.infer<typeof trendList>;
export type TrendDetail = z.infer<typeof trendDetail>;
export type TrendEvent = z.infer<typeof trendEvent>;
export type TrendHistory = z.infer<typeof trendHistory>;
export type HeadlineList = z.infer<typeof headlineList>;
export type SearchResult = z.infer<typeof searchResult>;
export type FoundHeadline = z.infer<typeof foundHeadline>;
export type Suggestions = z.infer<typeof suggestions>;
export type Feed = z.infer<typeof feed>;
export type FeedList = z.infer<typeof feedList>;
export type Batch = z.infer<typeof batch>;
export type BatchList = z.infer<typeof batchList>;
export type BatchDetail = z.infer<typeof batchDetail>;
export type FlowEvent = z.infer<typeof flowEvent>;
export type DeadLetter = z.infer<typeof deadLetter>;
export type DeadLetterList = z.infer<typeof deadLetterList>;
export type PipelineView = z.infer<typeof pipelineView>;
export type Health = z.infer<typeof health>;
export type Problem = z.infer<typeof problem>;
