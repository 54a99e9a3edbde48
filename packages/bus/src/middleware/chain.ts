import type { AnyEvent } from '../envelope.ts';
import type { Context } from '../service.ts';

/** One delivery on its way to the handler. */
export type Delivery = { event: AnyEvent; ctx: Context; channel: string; deliveries: number };
export type Next = () => Promise<void>;
/** Does something around a delivery. Must await `next()` once, and let its error pass. */
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
