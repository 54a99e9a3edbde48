import type { Context } from '@afk/bus';
import type { EventOf } from '@afk/contracts';
import { forgetIndexed, hasDemo, markIndexed, unindexed, type Pool } from '@afk/database';
import type { IndexStore } from '../store/index-store.ts';

export type Deps = { db: Pool; index: IndexStore; encoder: string };

const PAGE = 1000;

/**
 * Makes the collection if it is not there; then nothing counts as indexed any more. Forgetting comes
 * first: after a crash between the two, both are done again.
 */
export async function ensureIndex({ db, index }: Pick<Deps, 'db' | 'index'>): Promise<void> {
  if (!(await index.exists())) await forgetIndexed(db);
  await index.prepare();
}

/**
 * Indexes every headline that is not in the index yet, page by page; a page is marked when it is
 * durable. A new collection answers searches once it holds everything.
 */
export function indexHeadlines({ db, index, encoder }: Deps) {
  return async (_event: EventOf<'trends_classified'>, ctx: Context): Promise<void> => {
    await ensureIndex({ db, index });
    if (!(await hasDemo(db))) await index.dropDemo();
    let count = 0;
    for (;;) {
      ctx.signal.throwIfAborted();
      const page = await unindexed(db, encoder, PAGE);
      if (page.length === 0) break;
      await index.upsert(page);
      await markIndexed(db, encoder, page);
      count += page.length;
    }
    await index.publish();
    ctx.emit('index_complete', { status: 'ok', count, total: await index.count() });
  };
}
