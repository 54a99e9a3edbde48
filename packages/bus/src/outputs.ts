import type { Sealed } from './envelope.ts';
import type { Names } from './names.ts';

/** How long an event's id is remembered, so that a repeated emit of it is left out. Seconds. */
export const SEEN_TTL_S = 24 * 3600;

/** The KEYS and ARGV tail by which a script writes these events of one emitter. */
export function outputArgs(
  names: Names,
  emitter: string,
  outputs: readonly Sealed[],
): { keys: string[]; args: string[] } {
  const stream = names.stream(emitter);
  const channel = names.channel(emitter);
  return {
    keys: outputs.flatMap((o) => [stream, names.seen(o.id)]),
    args: outputs.flatMap((o) => [o.json, channel]),
  };
}
