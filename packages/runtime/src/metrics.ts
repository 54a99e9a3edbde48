import type { Backlog, BusMetrics } from '@afk/bus';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { inTime } from './in-time.ts';

export { Registry } from 'prom-client';

/**
 * A registry with the process's own figures (memory, CPU, event loop lag). Every series says which service it is of
 * and, where several pipelines may share one Prometheus, which `ENV`.
 */
export function createRegistry(service: string, env = ''): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service, ...(env && { env }) });
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
  const gauges = {
    afk_events_lag: {
      help: 'Events of a channel that no worker has taken',
      labelNames: ['channel'],
    },
    afk_events_pending: {
      help: 'Events of a channel that are taken and not finished',
      labelNames: ['channel'],
    },
  };
  polledGauges(registry, gauges, async () =>
    (await read()).flatMap(({ channel, lag, pending }): Sample<keyof typeof gauges>[] => [
      ...(lag === undefined ? [] : [{ name: 'afk_events_lag' as const, labels: { channel }, value: lag }]),
      { name: 'afk_events_pending', labels: { channel }, value: pending },
    ]),
  );
}

export type Sample<N extends string> = { name: N; labels?: Record<string, string>; value: number };

/** Longest wait for what a gauge asks, ms: Prometheus gives up a scrape after ten seconds. */
const PATIENCE_MS = 3000;

/**
 * Gauges that are asked for at each scrape, all by one question. What the answer does not name, or all where
 * there is no answer in time, has no value then: an old one would pass for a new one.
 *
 * @param maxAgeMs how long an answer holds, for questions that cost something
 */
export function polledGauges<N extends string>(
  registry: Registry,
  gauges: Record<N, { help: string; labelNames?: readonly string[] }>,
  read: () => Promise<Sample<NoInfer<N>>[]>,
  { maxAgeMs = 0 }: { maxAgeMs?: number } = {},
): void {
  let asked: Promise<Sample<N>[]> | undefined;
  const forget = (): void => void (asked = undefined);
  // The gauges of one scrape are collected in one turn: the first asks, the others find its question.
  const ask = (): Promise<Sample<N>[]> =>
    (asked ??= inTime(read(), PATIENCE_MS)
      .then((samples) => {
        if (maxAgeMs > 0) setTimeout(forget, maxAgeMs).unref();
        else setImmediate(forget);
        return samples;
      })
      .catch(() => {
        setImmediate(forget);
        return [];
      }));
  for (const [name, { help, labelNames = [] }] of Object.entries(gauges) as [N, (typeof gauges)[N]][]) {
    const gauge = new Gauge<string>({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      async collect() {
        const samples = await ask();
        // `reset` would leave a gauge without labels at 0.
        if (labelNames.length === 0) this.remove();
        else this.reset();
        for (const one of samples) if (one.name === name) this.set(one.labels ?? {}, one.value);
      },
    });
    // It is made with the value 0, which nobody has read anywhere.
    if (labelNames.length === 0) gauge.remove();
  }
}
