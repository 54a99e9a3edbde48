import { parseObject } from '@afk/bus';
import type { FlowRow } from '@afk/database';

/** Longest message that is kept whole, characters, and deepest; PostgreSQL gives up some way beyond. */
const MAX_PAYLOAD = 32_768;
const MAX_DEPTH = 100;
/** Longest message that is read at all, for its names and ids. */
const MAX_READ = 1024 * 1024;
/** Longest channel, event and id, characters. PostgreSQL indexes 2704 bytes of two of them together. */
const MAX_FIELD = 300;

/**
 * A heard message as a row of the flow log. What is no JSON object, or too large to be kept as one, is
 * kept as (the start of) its text; a large one still has its names and ids.
 */
export function toFlowRow(channel: string, text: string, heardAt: Date): FlowRow {
  const object = read(text);
  const field = (name: string): string | null => {
    const value = object?.[name];
    return typeof value === 'string' ? storableText(value.slice(0, MAX_FIELD)) : null;
  };
  const payload = text.length <= MAX_PAYLOAD ? (object ?? null) : null;
  return {
    at: heardAt,
    channel: storableText(channel.slice(0, MAX_FIELD)),
    event: field('event'),
    eventId: field('id'),
    batchId: field('batch_id'),
    correlationId: field('correlation_id'),
    payload,
    raw: payload ? null : storableText(text.slice(0, MAX_PAYLOAD)),
  };
}

function read(text: string): Record<string, unknown> | undefined {
  if (text.length > MAX_READ) return undefined;
  try {
    return storable(parseObject(text), 0) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** PostgreSQL's jsonb has no NUL and no half of a surrogate pair. @throws RangeError where it is too deep */
function storable(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new RangeError(`more than ${MAX_DEPTH} levels deep`);
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map((v) => storable(v, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [storableText(k), storable(v, depth + 1)]));
}

function storableText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}
