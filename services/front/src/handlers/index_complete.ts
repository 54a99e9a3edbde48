import type { Context } from '@afk/bus';
import type { EventOf } from '@afk/contracts';
import type { Rebuild } from '../site/rebuild.ts';

/** Rebuilds the site from the API, and swaps it in when it is whole. */
export function rebuildSite(rebuild: Rebuild) {
  return async ({ batch_id }: EventOf<'index_complete'>, ctx: Context): Promise<void> => {
    const { pages } = await rebuild(batch_id, ctx.signal);
    ctx.emit('site_built', { status: 'ok', pages });
  };
}
