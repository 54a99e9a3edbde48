import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

export { Registry } from 'prom-client';

/** A registry with the process's own figures (memory, CPU, event loop lag). */
export function createRegistry(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Counters of the bus: what was handled, how long it took, what failed, was retried, is dead. */
export function busMetrics(registry: Registry) {
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
    handled: (event: string, seconds: number) => duration.observe({ event }, seconds),
    failed: (event: string) => failed.inc({ event }),
    retried: (event: string) => retried.inc({ event }),
    dead: (event: string) => dead.inc({ event }),
  };
}
