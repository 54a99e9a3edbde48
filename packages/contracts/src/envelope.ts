import { z } from 'zod';

/** An instant, ISO 8601 with a zone, as JSON carries it. */
export const instant = z.iso.datetime({ offset: true });

/**
 * What every event on the wire has. Unknown fields pass through: a newer emitter may say more than
 * an older listener knows.
 */
export const envelope = z.looseObject({
  event: z.string().min(1),
  /** Unique for ever: what the bus recognises a repeated emit by. */
  id: z.string().min(1),
  /** The id of the event that the whole run began with. */
  correlation_id: z.string().min(1),
  /** When it was emitted (wall clock). */
  timestamp: instant,
  /** Who emitted it: the name in the consumer group, which begins with the container's. */
  consumer: z.string().optional(),
  /** W3C trace context of the emitter, where it has one. */
  traceparent: z.string().optional(),
});

export type Envelope = z.infer<typeof envelope>;
