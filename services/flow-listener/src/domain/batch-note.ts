import { batchIdOf } from '@afk/bus';
import type { BatchNote, FlowRow } from '@afk/database';

const counted = {
  xml_processing_complete: 'headlines',
  topics_built: 'topics',
  trends_built: 'trends',
  index_complete: 'indexed',
} as const;

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const MAX_INTEGER = 2 ** 31 - 1;

/** What an event of the line says of its batch; undefined where it says nothing. */
export function batchNoteOf(row: FlowRow): BatchNote | undefined {
  const { event, payload, at } = row;
  const id = batchOfEvent(row);
  if (!event || !id) return undefined;
  if (event === 'site_built') return { id, status: 'complete', at };
  if (event.endsWith('_failed')) return { id, status: 'failed', at };
  const name = counted[event as keyof typeof counted];
  const count = (payload as { count?: unknown } | null)?.count;
  return name && isCount(count) ? { id, [name]: count } : undefined;
}

/** A batch that fails in the extractor is not named by its events yet: its id follows from its trigger's. */
function batchOfEvent({ event, batchId, payload }: FlowRow): string | undefined {
  if (batchId) return uuid.test(batchId) ? batchId : undefined;
  const trigger = (payload as { failed_id?: unknown } | null)?.failed_id;
  return event === 'extractor_failed' && typeof trigger === 'string' ? batchIdOf(trigger) : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_INTEGER;
}
