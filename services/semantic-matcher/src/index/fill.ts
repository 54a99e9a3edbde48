import {
  markIndexed,
  missingHeadlines,
  removedHeadlines,
  settleRemoved,
  unindexed,
  type IndexHeadline,
  type Pool,
  type WordsOf,
} from '@afk/database';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HeadlineCollection } from './collection.ts';
import { encode, type Patience } from './encode.ts';
import type { OpenIndex } from './indexes.ts';

/** Headlines a step: read, encoded, written, marked. */
const PAGE = 1000;

/** What filling an index came to. `failure`: why some have no dense vector; they are tried again the next time. */
export type Filled = { count: number; failure: Error | undefined };

/**
 * Writes every headline that the index does not hold as it is now, page by page; a page is marked when it is durable.
 * Killed at any point, what is marked stays, and the rest comes the next time.
 *
 * A page that its dense encoder does not make in time is written by its words alone and not marked, and so are those after it.
 */
export async function fill(
  db: Pool,
  index: OpenIndex,
  { signal, denseMs = Infinity }: { signal: AbortSignal; denseMs?: number },
): Promise<Filled> {
  const filled: Filled = { count: 0, failure: undefined };
  let afterId: string | null = null;
  for (;;) {
    signal.throwIfAborted();
    const page = await unindexed(db, index.row, { afterId, limit: PAGE });
    if (page.length === 0) return filled;
    const patience = { signal, denseMs: filled.failure ? 0 : denseMs };
    filled.failure = (await write(db, index, page, patience)) ?? filled.failure;
    filled.count += page.length;
    afterId = page.at(-1)!.id;
    // Searches that came in meanwhile go first.
    await nextTurn();
  }
}

async function write(
  db: Pool,
  index: OpenIndex,
  page: readonly IndexHeadline[],
  patience: Patience,
): Promise<Error | undefined> {
  const { sparse, dense, failure } = await encode(index, page, patience);
  const { row, points } = index;
  await points.upsert(page, sparse, dense);
  const ids = page.map((h) => h.id);
  // A headline that was deleted since it was read must not come back.
  await points.remove(failure ? await missingHeadlines(db, ids) : await markIndexed(db, row, page));
  return failure;
}

/**
 * Takes headlines that are deleted out of the collections; then their words do not count either.
 *
 * @param collections asked for after a page of deletions was read: one that is made later never gets them
 */
export async function removeDeleted(
  db: Pool,
  collections: () => Promise<readonly HeadlineCollection[]>,
  wordsOf: WordsOf,
): Promise<void> {
  for (;;) {
    const removed = await removedHeadlines(db, PAGE);
    if (removed.length === 0) return;
    const gone = removed.filter((r) => !r.back).map((r) => r.id);
    for (const collection of await collections()) await collection.remove(gone);
    await settleRemoved(
      db,
      removed.map((r) => r.id),
      wordsOf,
    );
  }
}
