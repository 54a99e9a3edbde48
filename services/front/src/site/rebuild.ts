import type { Logger } from '@afk/runtime';
import { buildSite } from './build.ts';
import type { Builds } from './builds.ts';
import type { SiteServer } from './server.ts';

export type Parts = { builds: Builds; server: SiteServer; apiUrl: string; log: Logger };
/** Builds the site of a batch and swaps it in when it is whole. @returns its pages */
export type Rebuild = (batchId: string, signal: AbortSignal) => Promise<{ pages: number }>;

/** Builds that are kept: the one that is served and the one before it, whose pages may still be open. */
const KEPT = 2;

/** One build after the other: a build takes all the memory that there is for one. */
export function createRebuild({ builds, server, apiUrl, log }: Parts): Rebuild {
  let last: Promise<unknown> = Promise.resolve();
  const build: Rebuild = async (batchId, signal) => {
    const outDir = await builds.next();
    const { pages } = await buildSite({ apiUrl, outDir, signal, log });
    await builds.note(outDir, batchId);
    await server.swap(outDir);
    await builds.prune(KEPT);
    return { pages };
  };
  return (batchId, signal) => {
    const mine = last.then(() => build(batchId, signal));
    last = mine.catch(() => {});
    return mine;
  };
}
