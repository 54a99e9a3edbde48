import type { Context } from '@afk/bus';
import type { EventOf } from '@afk/contracts';
import { batchOf, continuable, saveTrends, topicsOf, transaction, windowOf } from '@afk/database';
import { bucketsOf } from '../domain/buckets.ts';
import { buildTrends } from '../domain/build-trends.ts';
import type { Deps } from './headlines_classified.ts';

/** Follows the batch's topics as trends: all of it is written, or nothing. */
export function buildTrendsOf({ db, windowMs, bucketMs, minHeadlines }: Deps) {
  return async (event: EventOf<'topics_built'>, ctx: Context): Promise<void> => {
    const { asOf } = await batchOf(db, event.batch_id);
    const from = new Date(asOf.getTime() - windowMs);
    const [headlines, topics, previous] = await Promise.all([
      windowOf(db, from, asOf),
      topicsOf(db, event.batch_id),
      continuable(db, from),
    ]);
    const { trends, merged, born } = buildTrends({
      batchId: event.batch_id,
      asOf,
      buckets: bucketsOf(from, asOf, bucketMs),
      minHeadlines,
      headlines: new Map(headlines.map((h) => [h.id, h])),
      topics,
      previous,
    });
    await transaction(db, (tx) => saveTrends(tx, event.batch_id, trends, merged));
    ctx.emit('trends_built', { status: 'ok', count: trends.length, born });
  };
}
