import { z } from 'zod';
import { envelope, instant } from './envelope.ts';

const count = z.int().nonnegative();
const completed = envelope.extend({
  batch_id: z.uuid(),
  status: z.enum(['ok', 'partial', 'empty', 'error']),
});

const failed = envelope.extend({
  batch_id: z.uuid().optional(),
  status: z.literal('error'),
  service: z.string(),
  failed_event: z.string(),
  failed_id: z.string(),
  reason: z.string(),
  attempts: count,
});

/** The schema of every event of the line, by name. Checked when sent and when received. */
export const events = {
  'trigger-xml-headlines-extractor': envelope.extend({
    /** The run's clock: what "now" means to every stage. Default: the moment of the run. */
    as_of: instant.optional(),
  }),
  xml_processing_complete: completed.extend({
    /** Headlines stored for the first time. */
    count,
    /** Items read from the feeds that had changed. */
    items: count,
    feeds: count,
    feeds_failed: count,
    feeds_not_modified: count,
    as_of: instant,
  }),
  headlines_classified: completed.extend({ count, model: z.string() }),
  topics_built: completed.extend({ count, headlines: count }),
  trends_built: completed.extend({ count, born: count }),
  trends_classified: completed.extend({ count, model: z.string() }),
  index_complete: completed.extend({ count, total: count }),
  site_built: completed.extend({ pages: count }),
  /** Headlines of the run answer a saved search, `count` of them. */
  saved_search_matched: completed.extend({ count, search_id: z.uuid(), match_id: z.uuid() }),
  /** Somebody wants to see whether a saved search's webhook works. */
  saved_search_test: envelope.extend({ search_id: z.uuid(), match_id: z.uuid() }),
  /** The clock's: forget what is older than the settings say. */
  'trigger-retention': envelope,
  /** `count` headlines were older than `since` and are gone; no `since`: headlines are kept for ever. */
  retention_complete: envelope.extend({ status: z.literal('ok'), count, since: instant.optional() }),
  'trigger-backup': envelope,
  /** A backup stands whole in the folder `name` of the backups. */
  backup_complete: envelope.extend({
    status: z.literal('ok'),
    name: z.string(),
    /** Of all its files. */
    bytes: count,
    /** Rows of PostgreSQL, points of Qdrant; of Redis the size of its file, absent where its folder cannot be read. */
    rows: count,
    points: count,
    redis_bytes: count.optional(),
    seconds: z.number().nonnegative(),
    /** Backups that there are now, and those that were removed to make room. */
    kept: count,
    removed: count,
  }),
  backup_failed: failed,
  extractor_failed: failed,
  'classifier-bridge_failed': failed,
  'topic-builder_failed': failed,
  'semantic-matcher_failed': failed,
  front_failed: failed,
} as const;

export type EventName = keyof typeof events;
/** The payload of an event, as a handler receives it. */
export type EventOf<N extends EventName> = z.infer<(typeof events)[N]>;
/** What an emitter gives: the bus adds event, id, correlation id and time, and copies the batch id. */
export type EventFields<N extends EventName> = Omit<
  EventOf<N>,
  'event' | 'id' | 'correlation_id' | 'timestamp' | 'batch_id' | 'traceparent' | 'consumer'
> & { batch_id?: string };
