import { listDead, Unavailable, type Names, type Redis } from '@afk/bus';
import { inTime } from '@afk/runtime';
import { testEmitter, type TestEmitter } from '@afk/saved-searches';
import type { Deps } from './deps.ts';

/** Longest that a test of a saved search waits for Redis, ms: the bus alone would wait for ten seconds. */
const EMIT_MS = 3000;

/** Emits as `testEmitter` does, but does not keep who asked waiting. @throws Unavailable */
export function testEmitterOf(redis: Redis, names: Names): TestEmitter {
  const emitTest = testEmitter(redis, names);
  return (fields) => inTime(emitTest(fields), EMIT_MS, () => new Unavailable('Redis does not answer'));
}

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
