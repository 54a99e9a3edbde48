import { setTimeout as sleep } from 'node:timers/promises';
import { seal, type Schemas } from './envelope.ts';
import { Permanent, Unavailable } from './errors.ts';
import { activeTraceparent } from './middleware/trace.ts';
import type { Transport } from './transport.ts';

/** How long an emit is tried while the transport is away, ms. */
const PATIENCE_MS = 10_000;

type Emitter = {
  transport: Pick<Transport, 'emit'>;
  schemas: Schemas;
  emitter: string;
  /** Which of the emitter's processes, where that can be said. */
  consumer?: string;
};

/**
 * Emits an event outside of a handler (inside, `ctx.emit` leaves with the acknowledgement): on the
 * channel's stream and published, in one step. Where the connection is lost meanwhile it is tried
 * again under the same id, which counts once.
 *
 * @param options.id one of the caller's own, so that the caller too may try again
 * @returns the event's id
 * @throws Permanent where it is not declared, or does not fit its schema
 * @throws Unavailable after 10 s; it may have been emitted, and to emit it again under its id is safe
 */
export async function emit(
  { transport, schemas, emitter, consumer }: Emitter,
  event: string,
  fields: Readonly<Record<string, unknown>>,
  options: { id?: string; permitted?: ReadonlySet<string> } = {},
): Promise<string> {
  if (options.permitted && !options.permitted.has(event)) {
    throw new Permanent(`"${emitter}" may not emit "${event}": pipeline.json does not declare it`);
  }
  const traceparent = activeTraceparent();
  const outgoing = traceparent ? { traceparent } : {};
  const sealed = seal(schemas, event, fields, { ...options, outgoing, consumer });
  const deadline = Date.now() + PATIENCE_MS;
  for (let delay = 25; ; delay = Math.min(1000, 2 * delay)) {
    try {
      await transport.emit(emitter, [sealed]);
      return sealed.id;
    } catch (error) {
      if (!(error instanceof Unavailable) || Date.now() + delay > deadline) throw error;
      await sleep(delay);
    }
  }
}
