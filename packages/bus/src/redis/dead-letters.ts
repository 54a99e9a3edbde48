import type { Redis } from 'ioredis';
import type { DeadLetter, Letter } from '../transport.ts';
import { replay } from './lua/upkeep.ts';
import type { Names } from './names.ts';
import { runScript } from './run.ts';

/** The fields of a dead letter, flat. */
export function deadFields(letter: Letter): (string | number)[] {
  return [...Object.entries(letter).flat(), 'at', new Date().toISOString()];
}

/** The dead letters of these services, newest first. */
export async function listDead(
  redis: Redis,
  names: Names,
  services: readonly string[],
  limit = 100,
): Promise<DeadLetter[]> {
  const lists = await Promise.all(
    services.map(async (service) => {
      const entries = await redis.xrevrange(names.dead(service), '+', '-', 'COUNT', limit);
      return entries.map(([id, fields]) => toLetter(names, service, id, fields));
    }),
  );
  return lists
    .flat()
    .sort((a, b) => b.at.localeCompare(a.at))
    .slice(0, limit);
}

/**
 * Gives a dead letter to its service again (to that service alone).
 * @returns false where there is no such letter
 */
export async function replayDead(redis: Redis, names: Names, service: string, id: string): Promise<boolean> {
  return (await runScript(redis, replay, [names.dead(service), names.inbox(service)], [id])) === 1;
}

/** Throws a dead letter away. @returns false where there is no such letter */
export async function dropDead(redis: Redis, names: Names, service: string, id: string): Promise<boolean> {
  return (await redis.xdel(names.dead(service), id)) === 1;
}

function toLetter(names: Names, service: string, id: string, flat: readonly string[]): DeadLetter {
  const field = (name: string): string => {
    const at = flat.findIndex((f, i) => i % 2 === 0 && f === name);
    return at < 0 ? '' : (flat[at + 1] ?? '');
  };
  const streamPrefix = names.stream('');
  const channel = field('channel');
  return {
    id,
    service,
    at: field('at'),
    channel: channel.startsWith(streamPrefix) ? channel.slice(streamPrefix.length) : channel,
    event: field('event') || null,
    reason: field('reason'),
    attempts: Number(field('attempts')),
    handler: field('handler') || null,
    payload: field('payload'),
    stack: field('stack'),
  };
}
