import type { Context } from '@afk/bus';
import { deleteHeadlinesBefore, type FeedRow, type NewHeadline, type Pool } from '@afk/database';

const DAY = 86_400_000;
/** Headlines deleted in one statement: others that write them do not wait long. */
const CHUNK = 2000;

/** What was published and first seen before this is not kept; undefined: everything is. */
export function keptSince(asOf: Date, days: number): Date | undefined {
  return days > 0 ? new Date(asOf.getTime() - days * DAY) : undefined;
}

/**
 * Deletes what is too old. Where it is cut short, the next attempt goes on.
 *
 * @returns how many headlines went
 * @throws the signal's reason
 */
export async function forgetHeadlines(
  db: Pool,
  since: Date,
  { signal, log }: Pick<Context, 'signal' | 'log'>,
): Promise<number> {
  let deleted = 0;
  for (let chunk = CHUNK; chunk === CHUNK; deleted += chunk) {
    signal.throwIfAborted();
    chunk = await deleteHeadlinesBefore(db, since, CHUNK);
  }
  if (deleted > 0) log.info({ deleted, before: since.toISOString() }, 'old headlines deleted');
  return deleted;
}

/**
 * Without those that were deleted before, or are about to be: a feed that still lists them would bring them back, as
 * news. Of a feed that is younger than that nothing was deleted yet: its archive is taken in.
 */
export function toKeep(headlines: NewHeadline[], feed: FeedRow, since: Date | undefined): NewHeadline[] {
  if (!since || feed.createdAt >= since) return headlines;
  return headlines.filter((h) => h.publishedAt >= since);
}
