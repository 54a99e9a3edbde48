import { parseObject } from '@afk/bus';
import type { FlowRow } from '@afk/database';

/** Longest message that is kept whole, characters. */
const MAX_PAYLOAD = 32_768;

/** A heard message as a row of the flow log. What is no JSON object is kept as its text. */
export function toFlowRow(channel: string, text: string, heardAt: Date): FlowRow {
  let payload: Record<string, unknown> | null = null;
  try {
    if (text.length <= MAX_PAYLOAD) payload = storable(parseObject(text)) as Record<string, unknown>;
  } catch {
    // Kept as raw text below.
  }
  const field = (name: string): string | null => {
    const value = payload?.[name];
    return typeof value === 'string' ? value.slice(0, 500) : null;
  };
  return {
    at: heardAt,
    channel: storableText(channel).slice(0, 500),
    event: field('event'),
    eventId: field('id'),
    batchId: field('batch_id'),
    correlationId: field('correlation_id'),
    payload,
    raw: payload ? null : storableText(text.slice(0, MAX_PAYLOAD)),
  };
}

/** PostgreSQL's jsonb has no NUL and no half of a surrogate pair. */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [storableText(k), storable(v)]));
}

function storableText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}
