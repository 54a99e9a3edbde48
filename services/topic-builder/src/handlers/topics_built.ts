import type { Context } from '@afk/bus';
import type { EventOf } from '@afk/contracts';
import { batchOf, continuable, overtaken, saveTrends, topicsOf, transaction, windowOf } from '@afk/database';
import { bucketsOf } from '../domain/buckets.ts';
import { buildTrends } from '../domain/build-trends.ts';
import type { Deps } from './headlines_classified.ts';

/** Follows the batch's topics as trends: all of it is written, or nothing; nothing where a later batch was faster. */
export function buildTrendsOf({ db, windowMs, bucketMs, minHeadlines }: Deps) {
  return async (event: EventOf<'topics_built'>, ctx: Context): Promise<void> => {
    // A dead letter that is replayed, say. To write it would take the later batch's trends off the page.
    if (await overtaken(db, event.batch_id)) {
      ctx.emit('trends_built', { status: 'empty', count: 0, born: 0 });
      return;
    }
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
      from,
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
