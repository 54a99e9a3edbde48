import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

const hashes = new Map<string, string>();

/**
 * Runs a script by its hash, sending its text only where Redis does not know it (after a restart).
 *
 * @returns Redis' reply, as it is
 */
export async function runScript(
  redis: Redis,
  script: string,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  let hash = hashes.get(script);
  if (!hash) hashes.set(script, (hash = createHash('sha1').update(script).digest('hex')));
  try {
    return await redis.evalsha(hash, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error as Error).message.startsWith('NOSCRIPT')) throw error;
    return await redis.eval(script, keys.length, ...keys, ...args);
  }
}
