import type { AnyEvent } from '../envelope.ts';
import type { Context } from '../service.ts';
import type { Entry } from '../transport.ts';

/** One delivery on its way to the handler. */
export type Delivery = {
  /** As it was read; `validate` puts what its schema made of it in its place. */
  event: AnyEvent;
  readonly entry: Entry;
  readonly ctx: Context;
  /** Fields that every event has which the handler emits: correlation id, batch id, trace context. */
  readonly outgoing: Record<string, unknown>;
};
export type Next = () => Promise<void>;
/**
 * Does something around a delivery. Must call `next` once and await it (or return its promise), and let
 * its error pass: the error's class decides what becomes of the event.
 */
export type Middleware = (delivery: Delivery, next: Next) => Promise<void>;

/** The middlewares around `last`, the first one outermost. */
export function chain(
  middlewares: readonly Middleware[],
  last: (d: Delivery) => Promise<void>,
): (d: Delivery) => Promise<void> {
  return middlewares.reduceRight<(d: Delivery) => Promise<void>>(
    (next, middleware) => (delivery) => middleware(delivery, () => next(delivery)),
    last,
  );
}
