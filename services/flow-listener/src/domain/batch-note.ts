import type { BatchNote, FlowRow } from '@afk/database';

const counted = {
  xml_processing_complete: 'headlines',
  topics_built: 'topics',
  trends_built: 'trends',
  index_complete: 'indexed',
} as const;

/** What an event of the line says of its batch; undefined where it says nothing. */
export function batchNoteOf({ event, batchId, payload, at }: FlowRow): BatchNote | undefined {
  if (!event || !batchId || !/^[\da-f-]{36}$/.test(batchId)) return undefined;
  if (event === 'site_built') return { id: batchId, status: 'complete', at };
  if (event.endsWith('_failed')) return { id: batchId, status: 'failed', at };
  const name = counted[event as keyof typeof counted];
  const count = (payload as { count?: unknown } | null)?.count;
  return name && typeof count === 'number' ? { id: batchId, [name]: count } : undefined;
}
