import type { Logger } from '../service.ts';
import type { Delivery, Middleware, Next } from './chain.ts';

/** A line when a handler is done, with how long it took; failures are told where they are decided. */
export function logging(log: Logger): Middleware {
  const handled = async ({ event, entry }: Delivery, next: Next): Promise<void> => {
    const started = performance.now();
    await next();
    log.info(
      {
        event: event.event,
        channel: entry.channel,
        eventId: event.id,
        batchId: event.batch_id,
        correlationId: event.correlation_id,
        attempt: entry.deliveries,
        ms: Math.round(performance.now() - started),
      },
      'handled',
    );
  };
  return (delivery, next) => (log.isLevelEnabled?.('info') === false ? next() : handled(delivery, next));
}
