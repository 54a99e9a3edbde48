import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { Unavailable } from '../errors.ts';

/** A Lua script with the hash that Redis knows it by. */
export type Script = { readonly text: string; readonly sha: string };

/**
 * The shebang matters: such a script is refused *before* it begins where Redis is out of memory, read
 * only or cannot write its files. Without it, it would stop half-way, and a half-done step is what all
 * of this is there to prevent.
 *
 * @param flags {@link FREES} for a script that must run all the more where memory is short
 */
export function script(text: string, flags = ''): Script {
  const whole = `#!lua${flags}\n${text}`;
  return { text: whole, sha: createHash('sha1').update(whole).digest('hex') };
}

/** Of scripts that work off what is there: refused, they would keep a full Redis full for ever. */
export const FREES = ' flags=allow-oom';

/**
 * Runs a script by its hash, sending its text only where Redis does not know it (after a restart).
 *
 * @returns Redis' reply, as it is
 * @throws Unavailable where Redis did not do it, or nobody knows whether it did
 */
export async function runScript(
  redis: Redis,
  { text, sha }: Script,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await redis.call('evalsha', [sha, keys.length, ...keys, ...args]);
  } catch (error) {
    if (!(error as Error).message.startsWith('NOSCRIPT')) throw unavailable(error);
  }
  try {
    return await redis.call('eval', [text, keys.length, ...keys, ...args]);
  } catch (error) {
    throw unavailable(error);
  }
}

function unavailable(cause: unknown): Unavailable {
  return new Unavailable(`Redis: ${(cause as Error).message}`, { cause });
}
