import type { http, Pipeline } from '@afk/contracts';

type Stage = http.BatchDetail['stages'][number];
type Timed = { event: http.FlowEvent; at: number };

/**
 * The waterfall of a run: a stage for each event that a service of the pipeline published, from the
 * event that set it off (or the start of the run, where that is not among the events) to its own.
 *
 * @param startedAt ISO 8601
 * @param events in order of arrival
 * @returns in order of completion; times are the emitters' own
 */
export function stagesOf(pipeline: Pipeline, startedAt: string, events: readonly http.FlowEvent[]): Stage[] {
  const timed = events.map((event) => ({ event, at: emittedAt(event) })).sort((a, b) => a.at - b.at);
  return timed.flatMap(({ event, at }, i) => {
    const service = emitterOf(pipeline, event);
    if (!service || !event.event) return [];
    const cause = causeOf(pipeline, service, event, timed.slice(0, i));
    const from = Math.min(cause?.at ?? Date.parse(startedAt), at);
    return [
      {
        service,
        event: event.event,
        started_at: new Date(from).toISOString(),
        finished_at: new Date(at).toISOString(),
        seconds: (at - from) / 1000,
        count: countOf(event),
      },
    ];
  });
}

/** When the emitter sent it; when it was heard, where it does not say. */
function emittedAt({ payload, at }: http.FlowEvent): number {
  const own = Date.parse(String(field(payload, 'timestamp')));
  return Number.isNaN(own) ? Date.parse(at) : own;
}

function emitterOf(pipeline: Pipeline, { channel, event }: http.FlowEvent): string | undefined {
  const links = pipeline.services[channel]?.publishes ?? [];
  return links.some((l) => l.channel === channel && l.events.includes(event ?? '')) ? channel : undefined;
}

/** A failure names the event that failed; otherwise it is the last one before that the service listens to. */
function causeOf(
  pipeline: Pipeline,
  service: string,
  { payload }: http.FlowEvent,
  before: readonly Timed[],
): Timed | undefined {
  const failed = before.find(({ event }) => event.id === field(payload, 'failed_id'));
  const links = pipeline.services[service]?.subscribes ?? [];
  return (
    failed ??
    before.findLast(({ event }) =>
      links.some((l) => l.channel === event.channel && l.events.includes(event.event ?? '')),
    )
  );
}

function countOf({ payload }: http.FlowEvent): number | null {
  const count = field(payload, 'count');
  return Number.isSafeInteger(count) ? (count as number) : null;
}

function field(payload: unknown, name: string): unknown {
  return (payload as Record<string, unknown> | null)?.[name];
}
