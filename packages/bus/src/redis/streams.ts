import type { Redis } from 'ioredis';

/** An entry as Redis tells it. */
export type Raw = { stream: string; id: string; payload: string };

/** Creates the group (and the stream) at the very beginning, unless it is there. */
export async function ensureGroup(redis: Redis, stream: string, group: string): Promise<void> {
  try {
    await redis.xgroup('CREATE', stream, group, '0', 'MKSTREAM');
  } catch (error) {
    if (!(error as Error).message.startsWith('BUSYGROUP')) throw error;
  }
}

/** @param fields flat list field, value, field, value… */
export function payloadOf(fields: readonly string[]): string {
  const at = fields.indexOf('e');
  return at % 2 === 0 ? (fields[at + 1] ?? '') : '';
}

/** How long what has arrived may wait to be read, ms. */
const LOOK_AGAIN_MS = 250;
/** How much later than its BLOCK a read may answer, ms. */
const GRACE_MS = 1000;

/**
 * Waits for a blocking command, but never for ever: one that was under way as its connection died is
 * answered by nobody, and on a half-dead socket it waits until TCP gives up.
 *
 * @throws Error when the connection closes, or after `ms`; then it is opened anew
 */
function answered<T>(redis: Redis, command: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (how: () => void): void => {
      clearTimeout(watchdog);
      redis.off('close', onClose);
      how();
    };
    const onClose = (): void => settle(() => reject(new Error('Connection is closed.')));
    // A process that stood still itself sees the time pass before it sees the answer: it looks once more.
    let watchdog = setTimeout(() => (watchdog = setTimeout(giveUp, LOOK_AGAIN_MS)), ms);
    const giveUp = (): void => {
      settle(() => reject(new Error(`a blocking read got no answer within ${ms} ms: connecting anew`)));
      redis.disconnect(true);
    };
    redis.once('close', onClose);
    command.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error as Error)),
    );
  });
}

/** Entries never delivered to anybody, at most `count`; waits up to `blockMs`. */
export async function readNew(
  redis: Redis,
  { streams, group, consumer }: { streams: readonly string[]; group: string; consumer: string },
  count: number,
  blockMs: number,
): Promise<Raw[]> {
  const fresh = streams.map(() => '>');
  const read = redis.xreadgroup(
    'GROUP',
    group,
    consumer,
    'COUNT',
    count,
    'BLOCK',
    blockMs,
    'STREAMS',
    ...streams,
    ...fresh,
  );
  const reply = (await answered(redis, read, blockMs + GRACE_MS)) as [string, [string, string[]][]][] | null;
  return (reply ?? []).flatMap(([stream, entries]) =>
    entries.map(([id, fields]) => ({ stream, id, payload: payloadOf(fields) })),
  );
}
