import { payloadOf, type Names, type Redis } from '@afk/bus';
import { workChannels, type Pipeline } from '@afk/contracts';

const PAGE = 500;

/**
 * Reads from the streams what pub/sub may have missed while this service was away: the flow log then
 * has every event that still lies on a stream. Known ones are recognised when they are written.
 *
 * @param cursors stream to the last id read; moved on
 * @param record given channel and message
 */
export async function backfill(
  options: { redis: Redis; names: Names; pipeline: Pipeline; cursors: Map<string, string> },
  record: (channel: string, text: string, at: Date) => void,
): Promise<void> {
  const { redis, names, pipeline, cursors } = options;
  for (const channel of channelsWithStreams(pipeline)) {
    const stream = names.stream(channel);
    for (;;) {
      const after = cursors.get(stream);
      const entries = await redis.xrange(stream, after ? `(${after}` : '-', '+', 'COUNT', PAGE);
      for (const [id, fields] of entries) {
        record(channel, payloadOf(fields), new Date(Number(id.split('-')[0])));
        cursors.set(stream, id);
      }
      if (entries.length < PAGE) break;
    }
  }
}

/** Emitters' streams, whether anybody subscribes to them or not. */
function channelsWithStreams(pipeline: Pipeline): string[] {
  const emitters = Object.values(pipeline.services).flatMap((s) => s.publishes.map((p) => p.channel));
  return [...new Set([...workChannels(pipeline), ...emitters])];
}
