import type { Context } from '@afk/bus';
import type { EventOf } from '@afk/contracts';
import { countWords, type Pool } from '@afk/database';
import { fill, removeDeleted, type Filled } from '../index/fill.ts';
import { isOpen, type Indexes, type OpenIndex } from '../index/indexes.ts';
import type { Rebuilder } from '../index/rebuilder.ts';
import { titleWords } from '../index/words.ts';

export type Deps = { db: Pool; indexes: Indexes; rebuilder: Rebuilder };

/** Brings the index that answers up to date with the headlines. */
export function indexHeadlines({ db, indexes, rebuilder }: Deps) {
  return async (_event: EventOf<'trends_classified'>, ctx: Context): Promise<void> => {
    const { index, filled } = await update(db, indexes, ctx.signal);
    await countWords(db, titleWords);
    const { failure, count } = filled;
    if (failure) ctx.log.warn({ error: failure.message }, 'headlines indexed by their words alone');
    const total = await index.points.count();
    ctx.emit('index_complete', { status: failure ? 'partial' : 'ok', count, total });
    rebuilder.poke();
  };
}

/** Where a rebuilt index took over meanwhile, that one gets what is new as well. */
async function update(
  db: Pool,
  indexes: Indexes,
  signal: AbortSignal,
): Promise<{ index: OpenIndex; filled: Filled }> {
  const { index, leads } = await indexes.toWrite();
  await removeDeleted(db, [index.points, ...(await indexes.beingMade(index))], titleWords);
  const filled = await fill(db, index, signal);
  const answering = await indexes.lookUp();
  if (!leads || !isOpen(answering)) {
    await indexes.publish(index);
    return { index, filled };
  }
  await indexes.tidy();
  if (answering.row.id === index.row.id) return { index, filled };
  await fill(db, answering, signal);
  return { index: answering, filled };
}
