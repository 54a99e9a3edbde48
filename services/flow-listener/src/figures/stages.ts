import type { http } from '@afk/contracts';

/** The events that end the stages of a run, in their order. */
const STAGES = [
  'xml_processing_complete',
  'headlines_classified',
  'topics_built',
  'trends_built',
  'trends_classified',
  'index_complete',
  'site_built',
];

/**
 * How long each stage of a run took: from the end of the one before, the first from the trigger. `seconds` is the
 * whole, to the last stage that ended; undefined where none is known.
 */
export function stagesOf(events: readonly Pick<http.FlowEvent, 'at' | 'event'>[]): {
  stages: { stage: string; seconds: number }[];
  seconds: number | undefined;
} {
  const [first] = events;
  if (!first) return { stages: [], seconds: undefined };
  const began = Date.parse(first.at);
  let last = began;
  const stages: { stage: string; seconds: number }[] = [];
  for (const { at, event } of events) {
    if (!event || !STAGES.includes(event) || stages.some(({ stage }) => stage === event)) continue;
    const ended = Math.max(last, Date.parse(at));
    stages.push({ stage: event, seconds: (ended - last) / 1000 });
    last = ended;
  }
  return { stages, seconds: stages.length > 0 ? (last - began) / 1000 : undefined };
}
