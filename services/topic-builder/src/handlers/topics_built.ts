import type { Context } from '@afk/bus';
import type { EventOf } from '@afk/contracts';
import {
  batchOf,
  dropMergers,
  dropStrays,
  lockStories,
  lockTrends,
  overtaken,
  pendingMergers,
  previousTrends,
  saveTrendEvents,
  saveTrends,
  saveTrendWindow,
  storiesOf,
  toldSizes,
  transaction,
  windowOf,
  type Queryable,
} from '@afk/database';
import { bucketsOf } from '../domain/buckets.ts';
import { buildTrends, type TrendOutput } from '../domain/build-trends.ts';
import { tellTrends } from '../domain/tell-trends.ts';
import type { Deps } from './headlines_classified.ts';

/** Follows the stories as trends: all of it is written, or nothing; nothing where a later batch was faster. */
export function buildTrendsOf(deps: Deps) {
  return async (event: EventOf<'topics_built'>, ctx: Context): Promise<void> => {
    const built = await transaction(deps.db, async (tx) => {
      // Another replica may be at it with another batch. What is read from here on is what it has left.
      await lockTrends(tx);
      // Nor shall the stories change between two looks at them.
      await lockStories(tx);
      // A dead letter that is replayed, say. To write it would take the later batch's trends off the page.
      return (await overtaken(tx, event.batch_id)) ? undefined : writeTrends(tx, event.batch_id, deps);
    });
    const { trends, born } = built ?? { trends: [], born: 0 };
    ctx.emit('trends_built', { status: built ? 'ok' : 'empty', count: trends.length, born });
  };
}

async function writeTrends(
  tx: Queryable,
  batchId: string,
  { windowMs, bucketMs, minHeadlines }: Deps,
): Promise<TrendOutput> {
  const { asOf } = await batchOf(tx, batchId);
  const from = new Date(asOf.getTime() - windowMs);
  const headlines = await windowOf(tx, from, asOf);
  const stories = await storiesOf(tx, from, asOf, minHeadlines);
  const ids = stories.map((s) => s.id);
  const mergers = await pendingMergers(tx);
  // Those that slept when they went into another, too.
  const previous = await previousTrends(tx, [...ids, ...mergers.map((m) => m.from)]);
  const output = buildTrends({
    batchId,
    asOf,
    from,
    buckets: bucketsOf(from, asOf, bucketMs),
    headlines: new Map(headlines.map((h) => [h.id, h])),
    stories,
    previous,
    mergers,
  });
  const events = tellTrends({
    ...output,
    batchId,
    stories,
    previous,
    told: await toldSizes(tx, ids, batchId),
  });
  await saveTrends(tx, batchId, output.trends, output.merged);
  await saveTrendEvents(tx, { id: batchId, asOf }, events);
  await dropStrays(tx);
  // The others wait: what they went into has too few headlines to be told of, so far.
  await dropMergers(
    tx,
    output.merged.map((m) => m.from),
  );
  await saveTrendWindow(tx, batchId, {
    windowHours: windowMs / 3_600_000,
    bucketMinutes: bucketMs / 60_000,
  });
  return output;
}
