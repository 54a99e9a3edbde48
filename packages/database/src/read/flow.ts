import type { http } from '@afk/contracts';
import type { Queryable } from '../pool.ts';

type FlowRow = {
  at: Date;
  channel: string;
  event: string | null;
  id: string;
  batchId: string | null;
  correlationId: string | null;
  payload: unknown;
};

/** Events of a run that are shown at most; a run has about ten. */
const SHOWN_EVENTS = 1000;

/**
 * The events of a run in order of arrival, each once: those that name the batch, and those of its
 * correlation (the trigger came before there was a batch). Several batches may share a correlation
 * where a person sent the triggers; what names one of the others is that one's.
 */
export async function eventsOfBatch(
  db: Queryable,
  { id, correlation_id }: Pick<http.Batch, 'id' | 'correlation_id'>,
): Promise<http.FlowEvent[]> {
  const { rows } = await db.query<FlowRow>(
    `select at, channel, event, event_id as id, batch_id as "batchId", correlation_id as "correlationId", payload
       from (select distinct on (event_id) * from flow_log f
              where event_id is not null and (batch_id = $1::text or correlation_id = $2)
                and not exists (select from batches b where b.id::text = f.batch_id and b.id::text <> $1)
              order by event_id, at, seq) as once
      order by at, seq limit $3`,
    [id, correlation_id, SHOWN_EVENTS],
  );
  return rows.map(toFlowEvent);
}

function toFlowEvent({ at, channel, event, id, batchId, correlationId, payload }: FlowRow): http.FlowEvent {
  return {
    at: at.toISOString(),
    channel,
    event,
    id,
    batch_id: batchId,
    correlation_id: correlationId,
    payload,
  };
}
