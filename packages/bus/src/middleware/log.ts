import type { Logger } from '../service.ts';
import type { Middleware } from './chain.ts';

/** A line when a handler is done, with how long it took; failures are told where they are decided. */
export function logging(log: Logger): Middleware {
  return async ({ event, entry }, next) => {
    if (log.isLevelEnabled?.('info') === false) return next();
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
}
