import { noteFetch, saveHeadlines, transaction, type BatchRow, type FeedRow, type Pool } from '@afk/database';
import type { Logger } from '@afk/runtime';
import pLimit from 'p-limit';
import type { ReadFeed } from './domain/read-feed.ts';
import type { Reader } from './reader/reader.ts';
import { fetchFeed } from './source/fetch-feed.ts';
import { toKeep } from './retention.ts';
import type { Fetcher, Known } from './source/http.ts';

export type ExtractDeps = {
  db: Pool;
  fetcher: Fetcher;
  reader: Reader;
  log: Logger;
  /** Feeds at the same time. */
  concurrency: number;
};

/**
 * `replay`: the run has a clock of its own, and dates after it are no mistakes. `since`: what is older is not kept;
 * undefined: everything is.
 */
type Run = { batch: BatchRow; since: Date | undefined; replay: boolean; signal: AbortSignal };
type Tally = { items: number; failed: number; notModified: number };
type Outcome = { items: number } | 'not_modified' | 'failing';

/**
 * Fetches these feeds and stores what they hold. A feed that fails is recorded; the store's trouble,
 * or the signal, ends all of them, so that nothing still runs when the event is tried again.
 */
export async function extractAll(deps: ExtractDeps, feeds: readonly FeedRow[], run: Run): Promise<Tally> {
  const trouble = new AbortController();
  const signal = AbortSignal.any([run.signal, trouble.signal]);
  const limit = pLimit(deps.concurrency);
  const tally: Tally = { items: 0, failed: 0, notModified: 0 };
  const one = async (feed: FeedRow): Promise<void> => {
    if (signal.aborted) return;
    try {
      const outcome = await extractFeed(deps, feed, { ...run, signal });
      if (outcome === 'failing') tally.failed++;
      else if (outcome === 'not_modified') tally.notModified++;
      else tally.items += outcome.items;
    } catch (error) {
      trouble.abort(error);
    }
  };
  await Promise.all(feeds.map((feed) => limit(one, feed)));
  signal.throwIfAborted();
  return tally;
}

async function extractFeed(deps: ExtractDeps, feed: FeedRow, run: Run): Promise<Outcome> {
  const { db, log } = deps;
  const at = new Date();
  try {
    const found = await readOne(deps, feed, run);
    if (found === 'not_modified') await noteFetch(db, feed.id, at, { state: 'not_modified' });
    else
      await store(db, feed, run.batch, at, { ...found, headlines: toKeep(found.headlines, feed, run.since) });
    return found === 'not_modified' ? found : { items: found.headlines.length };
  } catch (error) {
    if (!(error instanceof FeedFailure) && !isRefusal(error)) throw error;
    const reason = (error as Error).message;
    log.warn({ feed: feed.url, reason }, 'feed failed');
    await noteFetch(db, feed.id, at, { state: 'failing', error: reason });
    return 'failing';
  }
}

/** @throws FeedFailure where the feed is at fault; the signal's reason where that ended it */
async function readOne(
  { fetcher, reader }: ExtractDeps,
  feed: FeedRow,
  { batch, replay, signal }: Run,
): Promise<(ReadFeed & Known) | 'not_modified'> {
  try {
    const fetched = await fetchFeed(feed, fetcher, { now: batch.asOf, signal });
    if (fetched.state === 'not_modified') return 'not_modified';
    const { url, text, etag, lastModified } = fetched;
    const { title, language } = feed;
    const context = { url, title, language, now: batch.asOf, clamp: !replay };
    const read = await reader.feed(text, context, signal);
    return { ...read, etag, lastModified };
  } catch (cause) {
    signal.throwIfAborted();
    throw new FeedFailure((cause as Error).message, { cause });
  }
}

async function store(
  db: Pool,
  feed: FeedRow,
  batch: BatchRow,
  at: Date,
  { headlines, title, language, etag, lastModified }: ReadFeed & Known,
): Promise<void> {
  // In order of their keys: two feeds with the same items, written at once, must not wait for each other.
  const ordered = headlines.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const demo = feed.source === 'demo';
  await transaction(db, async (tx) => {
    await saveHeadlines(tx, ordered, { feedId: feed.id, batchId: batch.id, seenAt: batch.asOf, demo });
    await noteFetch(tx, feed.id, at, { state: 'ok', etag, lastModified, title, language });
  });
}

/** The feed's own fault, in words for its owner. */
class FeedFailure extends Error {}

/** SQLSTATE classes 22 (data) and 54 (limits): what this feed holds is what PostgreSQL will never take. */
function isRefusal(error: unknown): boolean {
  return /^(?:22|54)/.test((error as { code?: string }).code ?? '');
}
