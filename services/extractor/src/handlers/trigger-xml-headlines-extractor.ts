import { batchIdOf, type Context } from '@afk/bus';
import type { EventOf } from '@afk/contracts';
import { beginBatch, countOfBatch } from '@afk/database';
import { feedsOfRun, leaveDemo } from '../source/feed-list.ts';
import { extractAll, type ExtractDeps } from '../extract-feeds.ts';
import { keptSince } from '../retention.ts';

export type Deps = ExtractDeps & {
  /** Path or URL of the OPML list. */
  feedList: string | undefined;
  /** The clock of runs that name none. */
  asOf: Date | undefined;
  /** How long headlines are kept, days; 0 for ever. */
  retentionDays: number;
};

/** Fetches every feed and stores what is new. One bad feed is recorded and stops no other. */
export function extract(deps: Deps) {
  return async (event: EventOf<'trigger-xml-headlines-extractor'>, ctx: Context): Promise<void> => {
    const { db } = deps;
    const explicit = event.as_of ? new Date(event.as_of) : deps.asOf;
    const batch = await beginBatch(db, {
      id: batchIdOf(event.id),
      triggerId: event.id,
      correlationId: event.correlation_id,
      asOf: explicit ?? new Date(),
    });
    const since = keptSince(batch.asOf, deps.retentionDays);
    const feeds = await feedsOfRun({ ...deps, location: deps.feedList, asOf: batch.asOf });
    const tally = await extractAll(deps, feeds, {
      batch,
      since,
      replay: explicit !== undefined,
      signal: ctx.signal,
    });
    await leaveDemo(db);
    ctx.emit('xml_processing_complete', {
      batch_id: batch.id,
      status: statusOf(feeds.length, tally.failed),
      count: await countOfBatch(db, batch.id),
      items: tally.items,
      feeds: feeds.length,
      feeds_failed: tally.failed,
      feeds_not_modified: tally.notModified,
      as_of: batch.asOf.toISOString(),
    });
  };
}

function statusOf(feeds: number, failed: number): 'ok' | 'partial' | 'error' {
  if (failed === 0) return 'ok';
  return failed < feeds ? 'partial' : 'error';
}
