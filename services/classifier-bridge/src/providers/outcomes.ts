import type { Registry } from '@afk/runtime';
import { Counter } from 'prom-client';

/** Keeps count of who classified, for `/metrics`, and how the provider is, for `/health`. */
export type Outcomes = {
  spoke(who: string, outcome: 'ok' | 'fallback', headlines: number): void;
  /** A request failed for good. */
  failed(who: string, headlines: number, reason: string): void;
  /** Since when the provider fails, and why; undefined where it answered last. */
  trouble(): string | undefined;
};

/** @param registry none: nothing is counted */
export function countOutcomes(registry?: Registry): Outcomes {
  const counter = registry && counterIn(registry);
  let since: string | undefined;
  let last = '';
  return {
    spoke(provider, outcome, headlines) {
      counter?.inc({ provider, outcome }, headlines);
      if (outcome === 'ok') since = undefined;
    },
    failed(provider, headlines, reason) {
      counter?.inc({ provider, outcome: 'failed' }, headlines);
      since ??= new Date().toISOString();
      last = reason;
    },
    trouble: () => since && `the linear model stands in since ${since}: ${last}`,
  };
}

function counterIn(registry: Registry): Counter<'provider' | 'outcome'> {
  return new Counter({
    name: 'afk_classified_total',
    help: 'Headlines by who classified them: ok, failed (the provider did not answer), fallback (in its stead)',
    labelNames: ['provider', 'outcome'],
    registers: [registry],
  });
}
