import type { Middleware } from './chain.ts';

/** What the bus counts; a Prometheus registry, or whatever else, stands behind it. */
export type BusMetrics = {
  handled(event: string, seconds: number): void;
  failed(event: string): void;
  retried(event: string): void;
  dead(event: string): void;
};

export const noMetrics: BusMetrics = { handled() {}, failed() {}, retried() {}, dead() {} };

/** Counts what was handled and what failed, and how long it took. */
export function measuring(metrics: BusMetrics): Middleware {
  return async ({ event }, next) => {
    const started = performance.now();
    try {
      await next();
    } catch (error) {
      metrics.failed(event.event);
      throw error;
    }
    metrics.handled(event.event, (performance.now() - started) / 1000);
  };
}
