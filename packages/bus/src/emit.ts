import type { Redis } from 'ioredis';
import { seal, type Schemas } from './envelope.ts';
import { Permanent } from './errors.ts';
import { emit as emitScript } from './lua/scripts.ts';
import { runScript } from './lua/run.ts';
import type { Names } from './names.ts';
import { outputArgs, SEEN_TTL_S } from './outputs.ts';

/**
 * Emits events outside of a handler (inside, `ctx.emit` leaves with the acknowledgement).
 * One atomic step: on the channel's stream, and published.
 *
 * @returns the event's id
 */
export async function emit(
  { redis, names, schemas, emitter }: { redis: Redis; names: Names; schemas: Schemas; emitter: string },
  event: string,
  fields: Readonly<Record<string, unknown>>,
  options: { id?: string; permitted?: ReadonlySet<string> } = {},
): Promise<string> {
  if (options.permitted && !options.permitted.has(event)) {
    throw new Permanent(`"${emitter}" may not emit "${event}": pipeline.json does not declare it`);
  }
  const sealed = seal(schemas, event, fields, options);
  const { keys, args } = outputArgs(names, emitter, [sealed]);
  await runScript(redis, emitScript, keys, [SEEN_TTL_S, ...args]);
  return sealed.id;
}
