import type { Context } from '@afk/bus';
import type { EventOf } from '@afk/contracts';
import type { Logger } from '@afk/runtime';
import { buildSite, type SiteServer } from '../site/index.ts';
import type { Builds } from '../site/builds.ts';

export type Deps = { builds: Builds; server: SiteServer; apiUrl: string; log: Logger };

/** Builds that are kept: the one that is served and the one before it, whose pages may still be open. */
const KEPT = 2;

/** Rebuilds the site from the API, and swaps it in when it is whole. */
export function rebuildSite({ builds, server, apiUrl, log }: Deps) {
  return async (_event: EventOf<'index_complete'>, ctx: Context): Promise<void> => {
    const outDir = await builds.next();
    const { pages } = await buildSite({ apiUrl, outDir, signal: ctx.signal, log });
    await server.swap(outDir);
    await builds.prune(KEPT);
    ctx.emit('site_built', { status: 'ok', pages });
  };
}
