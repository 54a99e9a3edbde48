import type { Names, Redis } from '@afk/bus';
import type { Sample } from '@afk/runtime';
import type { Name } from './names.ts';

/** A number of INFO's `field:value` lines. */
function field(info: string, name: string): number | undefined {
  const text = new RegExp(`^${name}:(\\d+)\\r?$`, 'm').exec(info)?.[1];
  return text === undefined ? undefined : Number(text);
}

async function memory(redis: Redis): Promise<Sample<Name>[]> {
  // A Redis that one's own user may not ask has the dead letters all the same.
  const info = await redis.info('memory').catch(() => '');
  const sample = (name: Name, of: string): Sample<Name>[] => {
    const value = field(info, of);
    return value === undefined ? [] : [{ name, value }];
  };
  return [
    ...sample('afk_redis_memory_bytes', 'used_memory'),
    ...sample('afk_redis_memory_max_bytes', 'maxmemory'),
  ];
}

/** What lies in Redis: the dead letters of these services, and how full it is. */
export async function redisSamples(
  redis: Redis,
  names: Names,
  services: readonly string[],
): Promise<Sample<Name>[]> {
  const letters = services.map(async (service): Promise<Sample<Name>> => {
    return { name: 'afk_dead_letters', labels: { service }, value: await redis.xlen(names.dead(service)) };
  });
  return [...(await Promise.all(letters)), ...(await memory(redis))];
}
