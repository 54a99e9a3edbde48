import { RetryLater, type Context } from '@afk/bus';
import type { EventOf } from '@afk/contracts';
import { countWords, type Pool } from '@afk/database';
import type { Patience } from '../index/encode.ts';
import { fill, removeDeleted, type Filled } from '../index/fill.ts';
import { isOpen, type Indexes, type OpenIndex } from '../index/indexes.ts';
import type { Rebuilder } from '../index/rebuilder.ts';
import { headlineWords } from '../index/words.ts';

const DENSE_MS = 20_000;

/** `denseMs`: what a run waits for a page of dense vectors, ms; the background completes what it did not get. */
export type Deps = { db: Pool; indexes: Indexes; rebuilder: Rebuilder; denseMs?: number | undefined };

/** Brings the index that answers up to date with the headlines. */
export function indexHeadlines({ db, indexes, rebuilder, denseMs = DENSE_MS }: Deps) {
  return async (_event: EventOf<'trends_classified'>, ctx: Context): Promise<void> => {
    const { index, filled } = await update(db, indexes, { signal: ctx.signal, denseMs });
    await countWords(db, headlineWords);
    const { failure, count } = filled;
    if (failure) ctx.log.warn({ error: failure.message }, 'headlines indexed by their words alone');
    const total = await index.points.count();
    ctx.emit('index_complete', { status: failure ? 'partial' : 'ok', count, total });
    rebuilder.poke({ incomplete: failure !== undefined });
  };
}

/** Where a rebuilt index took over meanwhile, that one gets what is new as well. */
async function update(
  db: Pool,
  indexes: Indexes,
  patience: Patience,
): Promise<{ index: OpenIndex; filled: Filled }> {
  const { index, leads } = await indexes.toWrite();
  const collections = async () => [index.points, ...(await indexes.beingMade(index))];
  await removeDeleted(db, collections, headlineWords);
  const filled = await fill(db, index, patience);
  const answering = await indexes.lookUp();
  if (!leads || !isOpen(answering, index.encoders.sparse)) {
    if (!(await indexes.isMeant(index)))
      throw new RetryLater(0, `another index took the place of ${index.row.id}`);
    await indexes.publish(index);
    return { index, filled };
  }
  await indexes.tidy();
  if (answering.row.id === index.row.id) return { index, filled };
  await fill(db, answering, patience);
  return { index: answering, filled };
}
