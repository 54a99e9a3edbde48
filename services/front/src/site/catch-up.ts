import { setTimeout as sleep } from 'node:timers/promises';
import { apiClient } from '../lib/api.ts';
import type { Parts, Rebuild } from './rebuild.ts';

/** Runs looked back over: the newest that is complete is among them, or there is none of late. */
const LOOKED_AT = 50;
/** Between two questions to an API that is not there yet, ms. */
const AGAIN_MS = 1000;

/**
 * Builds the site where the one that there is is of other data: after a restore the newest complete run is another
 * than that of the newest build, or there is no build at all. Without this the page would be an old one, or none,
 * until the next run. Waits for the API as long as it takes.
 */
export async function catchUp(parts: Parts, rebuild: Rebuild, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const wanted = await missingBatch(parts);
      if (wanted === undefined) return;
      parts.log.info({ batchId: wanted }, 'the site is of other data: building it');
      await rebuild(wanted, signal);
      return;
    } catch (error) {
      if (signal.aborted) return;
      parts.log.debug({ error: (error as Error).message }, 'site not compared with the data yet');
      await sleep(AGAIN_MS, undefined, { signal, ref: false }).catch(() => {});
    }
  }
}

/** The newest complete batch, where the site shows neither it nor a newer one. */
async function missingBatch({ builds, apiUrl }: Parts): Promise<string | undefined> {
  const { items } = await apiClient(apiUrl).batches({ limit: LOOKED_AT });
  const place = items.findIndex((b) => b.status === 'complete');
  if (place < 0) return undefined;
  const shown = await builds.batchOfNewest();
  // One that is newer and not complete was built, and told of a moment ago.
  return items.slice(0, place + 1).some((b) => b.id === shown) ? undefined : items[place]!.id;
}
