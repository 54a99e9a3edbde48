import { listDead, Unavailable, type Names, type Redis } from '@afk/bus';
import type { Deps } from './deps.ts';

/** Reads the dead letters of these services. */
export function deadLettersOf(redis: Redis, names: Names, services: readonly string[]): Deps['deadLetters'] {
  return async (limit) => {
    try {
      const counts = await Promise.all(services.map((service) => redis.xlen(names.dead(service))));
      const letters = await listDead(redis, names, services, limit);
      const total = counts.reduce((sum, n) => sum + n, 0);
      return { total, items: letters.map(({ payload: _payload, stack: _stack, ...letter }) => letter) };
    } catch (cause) {
      throw new Unavailable(`cannot read the dead letters: ${(cause as Error).message}`, { cause });
    }
  };
}
