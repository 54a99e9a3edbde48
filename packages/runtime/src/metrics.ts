import type { Backlog, BusMetrics } from '@afk/bus';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export { Registry } from 'prom-client';

/** A registry with the process's own figures (memory, CPU, event loop lag). */
export function createRegistry(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}

/**
 * Figures of the bus: what was handled, how long it took, what failed, was retried, is dead; and what
 * waits, asked of Redis at each scrape.
 */
export function busMetrics(registry: Registry): BusMetrics {
  const counter = (name: string, help: string) =>
    new Counter({ name, help, labelNames: ['event'], registers: [registry] });
  const failed = counter('afk_events_failed_total', 'Handlers that threw');
  const retried = counter('afk_events_retried_total', 'Events postponed for another attempt');
  const dead = counter('afk_events_dead_total', 'Events that became dead letters');
  const duration = new Histogram({
    name: 'afk_event_seconds',
    help: 'Time a handler took',
    labelNames: ['event'],
    buckets: [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 120],
    registers: [registry],
  });
  return {
    backlog: (read) => backlogGauges(registry, read),
    handled: (event: string, seconds: number) => duration.observe({ event }, seconds),
    failed: (event: string) => failed.inc({ event }),
    retried: (event: string) => retried.inc({ event }),
    dead: (event: string) => dead.inc({ event }),
  };
}

function backlogGauges(registry: Registry, read: () => Promise<Backlog[]>): void {
  // Both are set by one question; the second finds what the first has brought.
  let asked: Promise<Backlog[]> | undefined;
  const ask = (): Promise<Backlog[]> =>
    (asked ??= read()
      .catch(() => [])
      .finally(() => setImmediate(() => (asked = undefined))));
  const gauge = (name: string, help: string, value: (b: Backlog) => number | undefined): void => {
    const made = new Gauge({
      name,
      help,
      labelNames: ['channel'],
      async collect() {
        for (const b of await ask()) {
          const n = value(b);
          if (n === undefined) this.remove({ channel: b.channel });
          else this.set({ channel: b.channel }, n);
        }
      },
      registers: [],
    });
    registry.registerMetric(made);
  };
  gauge('afk_events_lag', 'Events of a channel that no worker has taken', (b) => b.lag);
  gauge('afk_events_pending', 'Events of a channel that are taken and not finished', (b) => b.pending);
}
