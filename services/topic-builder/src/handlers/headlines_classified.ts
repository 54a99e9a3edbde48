import type { Context } from '@afk/bus';
import type { EventOf } from '@afk/contracts';
import { batchOf, lockStories, storiesOvertaken, transaction, type Pool } from '@afk/database';
import { StoryKeeper } from '../story-keeper.ts';

export type Deps = { db: Pool; windowMs: number; bucketMs: number; minHeadlines: number };

/** A lone headline is no topic. */
const LEAST_HEADLINES = 2;

/** Groups the window's new headlines, up to the run's clock, into stories: all of it is written, or nothing. */
export function groupHeadlines({ db, windowMs }: Deps) {
  const keeper = new StoryKeeper(windowMs);
  return async (event: EventOf<'headlines_classified'>, ctx: Context): Promise<void> => {
    const done = await transaction(db, async (tx) => {
      await lockStories(tx);
      // A dead letter that is replayed, say: the stories have gone on without it, and have its headlines.
      if (await storiesOvertaken(tx, event.batch_id)) return undefined;
      return keeper.advance(tx, await batchOf(tx, event.batch_id), ctx);
    });
    if (done) keeper.keep(done);
    ctx.emit('topics_built', {
      status: done ? 'ok' : 'empty',
      count: done?.window.storyIds(LEAST_HEADLINES).length ?? 0,
      headlines: done?.window.size ?? 0,
    });
  };
}
