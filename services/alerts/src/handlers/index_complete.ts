import type { Context, Logger } from '@afk/bus';
import type { EventOf } from '@afk/contracts';
import { matchesOfBatch, type Pool } from '@afk/database';
import { evaluateBatch } from '../evaluate-batch.ts';

export type EvaluateDeps = { db: Pool; log: Logger };

/**
 * Puts the saved searches to what the run brought. What matched is stored before anything is emitted, and emitted
 * from there: a second delivery of the event, after whatever crash, finds the same.
 */
export function evaluate({ db, log }: EvaluateDeps) {
  return async ({ batch_id }: EventOf<'index_complete'>, ctx: Context): Promise<void> => {
    await evaluateBatch(db, batch_id, { at: new Date(), log, signal: ctx.signal });
    for (const { id, searchId, total } of await matchesOfBatch(db, batch_id)) {
      ctx.emit('saved_search_matched', { status: 'ok', count: total, search_id: searchId, match_id: id });
    }
  };
}
