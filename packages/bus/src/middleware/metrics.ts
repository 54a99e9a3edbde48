import type { Backlog } from '../transport.ts';
import type { Middleware } from './chain.ts';

/** What the bus counts; a Prometheus registry, or whatever else, stands behind it. */
export type BusMetrics = {
  /** A handler returned, after so many seconds. */
  handled(event: string, seconds: number): void;
  /** A handler threw. */
  failed(event: string): void;
  /** An event waits for another attempt. */
  retried(event: string): void;
  /** An event became a dead letter. */
  dead(event: string): void;
  /** Where to ask for what waits: called once, when the service is started. */
  backlog?(read: () => Promise<Backlog[]>): void;
};

export const noMetrics: BusMetrics = { handled() {}, failed() {}, retried() {}, dead() {} };

/** Counts what was handled and what failed, and how long it took. */
export function measuring(metrics: BusMetrics): Middleware {
  return async (delivery, next) => {
    const started = performance.now();
    try {
      await next();
    } catch (error) {
      metrics.failed(delivery.event.event);
      throw error;
    }
    metrics.handled(delivery.event.event, (performance.now() - started) / 1000);
  };
}
