import type { Context } from '@afk/bus';
import type { EventOf } from '@afk/contracts';
import type { Pool } from '@afk/database';
import { forgetHeadlines, keptSince } from '../retention.ts';

export type Deps = {
  db: Pool;
  /** The clock of runs that name none: what they look back from. */
  asOf: Date | undefined;
  /** How long headlines are kept, days; 0 for ever. */
  retentionDays: number;
};

/** Forgets the headlines that are too old. Served one at a time with the runs: never beside one. */
export function retain(deps: Deps) {
  return async (_event: EventOf<'trigger-retention'>, ctx: Context): Promise<void> => {
    const since = keptSince(deps.asOf ?? new Date(), deps.retentionDays);
    const count = since ? await forgetHeadlines(deps.db, since, ctx) : 0;
    ctx.emit('retention_complete', { status: 'ok', count, ...(since && { since: since.toISOString() }) });
  };
}
