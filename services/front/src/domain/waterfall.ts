import type { http } from '@afk/contracts';

export type StageRow = http.BatchDetail['stages'][number] & {
  /** Per cent of the run before it started, and of the run that it took. */
  left: number;
  width: number;
  /** Why it failed, where it did. */
  failure: string | undefined;
  events: http.FlowEvent[];
};

export type Waterfall = { rows: StageRow[]; others: http.FlowEvent[]; seconds: number };

/** What the counts of the stages count. */
const counted: Record<string, string> = {
  xml_processing_complete: 'new headline',
  headlines_classified: 'headline',
  topics_built: 'topic',
  trends_built: 'trend',
  trends_classified: 'trend',
  index_complete: 'headline',
};
export const nounOf = (event: string) => counted[event] ?? 'item';

/** Services say that they gave up by an event of this form, with the reason. */
export const isFailure = (event: string | null) => event?.endsWith('_failed') ?? false;

const percent = (part: number, whole: number) => Math.round((10_000 * part) / whole) / 100;

/**
 * Lays a run's stages out on its own time, and puts each event under the stage it belongs to: the one
 * that it completed, or else the one that was at work when it arrived.
 */
export function waterfall(batch: Pick<http.BatchDetail, 'stages' | 'events' | 'started_at'>): Waterfall {
  const start = Date.parse(batch.started_at);
  const end = Math.max(start, ...batch.stages.map((s) => Date.parse(s.finished_at)));
  const span = Math.max(end - start, 1);
  const rows: StageRow[] = batch.stages.map((stage) => {
    const left = percent(Math.max(Date.parse(stage.started_at) - start, 0), span);
    const width = percent(Date.parse(stage.finished_at) - Date.parse(stage.started_at), span);
    return {
      ...stage,
      left: Math.min(left, 99.5),
      width: Math.max(width, 0.5),
      failure: failureOf(batch, stage),
      events: [],
    };
  });
  const others: http.FlowEvent[] = [];
  for (const event of batch.events) (ownerOf(rows, event)?.events ?? others).push(event);
  return { rows, others, seconds: span / 1000 };
}

function failureOf(batch: Pick<http.BatchDetail, 'events'>, stage: Pick<StageRow, 'event'>) {
  if (!isFailure(stage.event)) return undefined;
  const event = batch.events.findLast((e) => e.event === stage.event);
  const reason = (event?.payload as { reason?: unknown } | null | undefined)?.reason;
  return typeof reason === 'string' ? reason : 'it gave no reason';
}

function ownerOf(rows: StageRow[], event: http.FlowEvent): StageRow | undefined {
  const at = Date.parse(event.at);
  return (
    rows.find((r) => r.event === event.event && event.channel.endsWith(r.service)) ??
    rows.find((r) => Date.parse(r.started_at) <= at && at <= Date.parse(r.finished_at))
  );
}

/** The dead letters that fell while a run was under way. @param now ISO 8601; the end of a run that still is. */
export function deadLettersDuring(
  letters: readonly http.DeadLetter[],
  batch: Pick<http.Batch, 'started_at' | 'finished_at'>,
  now: string,
): http.DeadLetter[] {
  const from = Date.parse(batch.started_at);
  const to = Date.parse(batch.finished_at ?? now);
  return letters.filter((l) => Date.parse(l.at) >= from && Date.parse(l.at) <= to);
}
