import { http } from '@afk/contracts';

/** The stages of a run: service, event, seconds, count. */
const line = [
  ['extractor', 'xml_processing_complete', 18.2, 412],
  ['classifier-bridge', 'headlines_classified', 2.9, 412],
  ['topic-builder', 'topics_built', 6.4, 61],
  ['topic-builder', 'trends_built', 1.1, 38],
  ['classifier-bridge', 'trends_classified', 0.6, 38],
  ['semantic-matcher', 'index_complete', 9.7, 412],
  ['front', 'site_built', 4.8, 41],
] as const;

/** Nine runs, an hour apart, the newest first; one of them failed. */
export function fakeBatches(asOf: Date, trends: number): http.BatchDetail[] {
  return Array.from({ length: 9 }, (_, n) =>
    fakeBatch(new Date(asOf.getTime() - n * 3_600_000), 9 - n, trends),
  );
}

function fakeBatch(asOf: Date, number: number, trends: number): http.BatchDetail {
  const failed = number === 6;
  const id = `batch-${String(number).padStart(4, '0')}`;
  const correlation = `018f-correlation-${number}`;
  let clock = asOf.getTime();
  const done = failed ? line.slice(0, 2) : line;
  const event = (at: number, channel: string, name: string, count: number | null) =>
    http.flowEvent.parse({
      at: new Date(at).toISOString(),
      channel,
      event: name,
      id: `${id}-${name}`,
      batch_id: id,
      correlation_id: correlation,
      payload: { event: name, batch_id: id, status: 'ok', ...(count === null ? {} : { count }) },
    });
  const events = [event(clock, 'ofelia', 'trigger-xml-headlines-extractor', null)];
  const stages = done.map(([service, name, seconds, count]) => {
    const started = clock;
    clock += seconds * 1000;
    events.push(event(clock, service, name, count));
    return {
      service,
      event: name,
      started_at: new Date(started).toISOString(),
      finished_at: new Date(clock).toISOString(),
      seconds,
      count,
    };
  });
  if (failed) clock += 61_000;
  if (failed) events.push(event(clock, 'topic-builder', 'topic-builder_failed', null));
  return http.batchDetail.parse({
    id,
    correlation_id: correlation,
    as_of: asOf.toISOString(),
    status: failed ? 'failed' : 'complete',
    started_at: asOf.toISOString(),
    finished_at: new Date(clock).toISOString(),
    seconds: (clock - asOf.getTime()) / 1000,
    headlines: 412 - 7 * (9 - number),
    topics: failed ? null : 61 - (9 - number),
    trends: failed ? null : trends,
    indexed: failed ? null : 412 - 7 * (9 - number),
    stages,
    events,
  });
}

export function fakeDeadLetters(asOf: Date): http.DeadLetterList {
  const at = new Date(asOf.getTime() - 3 * 3_600_000 + 80_000).toISOString();
  const items = [
    {
      id: '1-0',
      service: 'topic-builder',
      at,
      channel: 'classifier-bridge',
      event: 'headlines_classified',
      reason: 'attempts used up: connection terminated unexpectedly while reading the window',
      attempts: 5,
      handler: 'headlines_classified',
    },
    {
      id: '2-0',
      service: 'extractor',
      at: new Date(asOf.getTime() - 30 * 3_600_000).toISOString(),
      channel: 'ofelia',
      event: null,
      reason: 'not JSON: Unexpected token \'<\', "<?xml vers"... is not valid JSON',
      attempts: 1,
      handler: null,
    },
  ];
  return http.deadLetterList.parse({ total: items.length, items });
}
