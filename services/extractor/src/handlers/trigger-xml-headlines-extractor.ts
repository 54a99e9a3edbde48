import { derivedId, type Context } from '@afk/bus';
import type { EventOf } from '@afk/contracts';
import {
  beginBatch,
  countOfBatch,
  noteFetch,
  saveHeadlines,
  transaction,
  type BatchRow,
  type FeedRow,
  type Pool,
} from '@afk/database';
import type { Logger } from '@afk/runtime';
import pLimit from 'p-limit';
import { readFeed } from '../domain/read-feed.ts';
import { feedsOfRun } from '../source/feed-list.ts';
import { fetchFeed } from '../source/fetch-feed.ts';
import type { Fetcher } from '../source/http.ts';

export type Deps = {
  db: Pool;
  fetcher: Fetcher;
  log: Logger;
  feedList: string | undefined;
  /** The clock of runs that name none. */
  asOf: Date | undefined;
  concurrency: number;
};

type Tally = { items: number; failed: number; notModified: number };

/** Fetches every feed and stores what is new. One bad feed is recorded and stops no other. */
export function extract(deps: Deps) {
  return async (event: EventOf<'trigger-xml-headlines-extractor'>, ctx: Context): Promise<void> => {
    const { db } = deps;
    const explicit = event.as_of ? new Date(event.as_of) : deps.asOf;
    const batch = await beginBatch(db, {
      id: derivedId('batch', event.id),
      triggerId: event.id,
      correlationId: event.correlation_id,
      asOf: explicit ?? new Date(),
    });
    const feeds = await feedsOfRun({ ...deps, location: deps.feedList, asOf: batch.asOf });
    const tally: Tally = { items: 0, failed: 0, notModified: 0 };
    const limit = pLimit(deps.concurrency);
    await Promise.all(
      feeds.map((feed) =>
        limit(() => extractFeed(deps, feed, batch, explicit !== undefined, tally, ctx.signal)),
      ),
    );
    ctx.signal.throwIfAborted();
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

async function extractFeed(
  { db, fetcher, log }: Deps,
  feed: FeedRow,
  batch: BatchRow,
  replay: boolean,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  const at = new Date();
  try {
    const fetched = await fetchFeed(feed, fetcher, batch.asOf);
    if (fetched.state === 'not_modified') {
      tally.notModified++;
      await noteFetch(db, feed.id, at, fetched);
      return;
    }
    const { url, text, etag, lastModified } = fetched;
    const { title, language } = feed;
    const read = readFeed(text, { url, title, language, now: batch.asOf, clamp: !replay });
    // In order of their keys: two feeds with the same items, written at once, must not wait for each other.
    const headlines = read.headlines.sort((a, b) => (a.key < b.key ? -1 : 1));
    const demo = feed.source === 'demo';
    await transaction(db, async (tx) => {
      await saveHeadlines(tx, headlines, { feedId: feed.id, batchId: batch.id, seenAt: batch.asOf, demo });
      await noteFetch(tx, feed.id, at, {
        state: 'ok',
        etag,
        lastModified,
        title: read.title,
        language: read.language,
      });
    });
    tally.items += headlines.length;
  } catch (error) {
    if (isDatabaseError(error)) throw error;
    const reason = (error as Error).message;
    tally.failed++;
    log.warn({ feed: feed.url, reason }, 'feed failed');
    await noteFetch(db, feed.id, at, { state: 'failing', error: reason });
  }
}

/** The store's trouble is not the feed's: the whole event is tried again. */
function isDatabaseError(error: unknown): boolean {
  const { code, severity } = error as { code?: string; severity?: string };
  return severity !== undefined || (typeof code === 'string' && /^(?:08|53|57|40)/.test(code));
}
