import { Permanent } from '@afk/bus';
import {
  activeFeeds,
  dropDemo,
  realFeedAnswered,
  saveFeeds,
  transaction,
  type FeedRow,
  type Pool,
} from '@afk/database';
import { demoOpml } from '@afk/demo-feeds';
import type { Logger } from '@afk/runtime';
import type { Reader } from '../reader/reader.ts';
import type { Fetcher } from './http.ts';
import { loadOpml, readOpml } from './opml.ts';

/**
 * The feeds of this run: the configured list, plus what was imported; with neither, the demo feeds.
 * A list that cannot be had now leaves the feeds as they are known.
 *
 * @throws Permanent where the list is unreadable and no feed is known
 */
export async function feedsOfRun(deps: {
  db: Pool;
  fetcher: Fetcher;
  reader: Reader;
  log: Logger;
  location: string | undefined;
  asOf: Date;
}): Promise<FeedRow[]> {
  const { db, asOf } = deps;
  if (deps.location) await syncList(deps, deps.location);
  // No list names no feed: what an earlier one named is fetched no more.
  else await saveFeeds(db, [], { source: 'opml', at: asOf, exclusive: true });
  const real = (await activeFeeds(db)).filter((f) => f.source !== 'demo');
  if (real.length > 0) return real;
  await saveFeeds(db, readOpml(demoOpml(), 'demo'), { source: 'demo', at: asOf, exclusive: true });
  return activeFeeds(db);
}

/**
 * Ends the demo, once a real feed has answered in this run or before: until then it is all that there
 * is to show.
 */
export async function leaveDemo(db: Pool): Promise<void> {
  if (await realFeedAnswered(db)) await transaction(db, dropDemo);
}

async function syncList(
  { db, fetcher, reader, log, asOf }: Parameters<typeof feedsOfRun>[0],
  location: string,
): Promise<void> {
  try {
    const feeds = await loadOpml(location, fetcher, reader.opml);
    await saveFeeds(db, feeds, { source: 'opml', at: asOf, exclusive: true });
  } catch (error) {
    const known = (await activeFeeds(db)).filter((f) => f.source !== 'demo');
    const { message } = error as Error;
    if (known.length === 0) {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if ((error as Error).name === 'NotOpml' || missing) throw new Permanent(message, { cause: error });
      throw error;
    }
    log.error(
      { location, reason: message, known: known.length },
      'feed list unreadable: going on with what is known',
    );
  }
}
