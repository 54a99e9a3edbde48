import type { Redis } from 'ioredis';

/** An entry of a stream in hand. `deliveries` counts this one. */
export type Entry = { stream: string; id: string; payload: string; deliveries: number };

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

/** Entries never delivered to anybody, at most `count`; waits up to `blockMs`. */
export async function readNew(
  redis: Redis,
  { streams, group, consumer }: { streams: readonly string[]; group: string; consumer: string },
  count: number,
  blockMs: number,
): Promise<Entry[]> {
  const reply = (await redis.xreadgroup(
    'GROUP',
    group,
    consumer,
    'COUNT',
    count,
    'BLOCK',
    blockMs,
    'STREAMS',
    ...streams,
    ...streams.map(() => '>'),
  )) as [string, [string, string[]][]][] | null;
  return (reply ?? []).flatMap(([stream, entries]) =>
    entries.map(([id, fields]) => ({ stream, id, payload: payloadOf(fields), deliveries: 1 })),
  );
}
