import { AsyncLocalStorage } from 'node:async_hooks';
import type { Middleware } from './chain.ts';

/** What a piece of work belongs to. */
export type Correlation = { correlationId: string; batchId?: string; event: string; eventId: string };

const storage = new AsyncLocalStorage<Correlation>();

/**
 * What the running handler works on, from wherever it is asked within its asynchronous calls: a logger
 * takes it, so that every line of a run can be found by its correlation id. Undefined outside of one.
 */
export function correlation(): Correlation | undefined {
  return storage.getStore();
}

/** Hands the correlation id and the batch id on: to what is emitted, and to {@link correlation}. */
export function correlate(): Middleware {
  return ({ event, outgoing }, next) => {
    outgoing['correlation_id'] = event.correlation_id;
    if (event.batch_id !== undefined) outgoing['batch_id'] = event.batch_id;
    const about: Correlation = { correlationId: event.correlation_id, event: event.event, eventId: event.id };
    if (event.batch_id !== undefined) about.batchId = event.batch_id;
    return storage.run(about, next);
  };
}
