import type { Names, Redis } from '@afk/bus';
import type { Pool } from '@afk/database';
import { inTime, polledGauges, type Registry, type Sample } from '@afk/runtime';
import { gauges, type Name } from './names.ts';
import { postgresSamples } from './postgres.ts';
import { redisSamples } from './redis.ts';

/** How long figures hold, ms: whoever asks more often than Prometheus does not count all headlines each time. */
const MAX_AGE_MS = 10_000;
/** Longest wait for one store, ms; the other's figures must not wait for it. */
const STORE_MS = 2000;

type Deps = { db: Pool; redis: Redis; names: Names; services: readonly string[]; maxAgeMs?: number };

/**
 * Figures of the whole line, out of its stores: whoever asks the services one by one knows nothing of one that is
 * away. A store that does not answer has `afk_store_up` 0, and its figures are left out.
 */
export function addFigures(
  registry: Registry,
  { db, redis, names, services, maxAgeMs = MAX_AGE_MS }: Deps,
): void {
  const read = async (): Promise<Sample<Name>[]> => {
    const both = await Promise.all([
      ofStore('postgres', postgresSamples(db)),
      ofStore('redis', redisSamples(redis, names, services)),
    ]);
    return both.flat();
  };
  polledGauges(registry, gauges, read, { maxAgeMs });
}

async function ofStore(store: string, samples: Promise<Sample<Name>[]>): Promise<Sample<Name>[]> {
  const up = (value: 0 | 1): Sample<Name> => ({ name: 'afk_store_up', labels: { store }, value });
  try {
    return [up(1), ...(await inTime(samples, STORE_MS))];
  } catch {
    return [up(0)];
  }
}
