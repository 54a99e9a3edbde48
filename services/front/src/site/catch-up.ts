import { setTimeout as sleep } from 'node:timers/promises';
import { apiClient } from '../lib/api.ts';
import type { Parts, Rebuild } from './rebuild.ts';

/** Runs looked back over: the newest that is complete is among them, or there is none of late. */
const LOOKED_AT = 50;
/** Between two questions to an API that is not there yet; after a build that failed, which costs minutes of all there is. */
const PAUSES = { againMs: 1000, failedMs: 30_000, mostMs: 3_600_000 };

/**
 * Builds the site where the one that there is is of other data: after a restore the newest complete run is another
 * than that of the newest build, or there is no build at all. Without this the page would be an old one, or none,
 * until the next run. Waits for the API as long as it takes; tries a build that fails again, ever less often.
 */
export async function catchUp(
  parts: Parts,
  rebuild: Rebuild,
  signal: AbortSignal,
  { againMs, failedMs, mostMs } = PAUSES,
): Promise<void> {
  const pause = (ms: number): Promise<unknown> =>
    sleep(ms, undefined, { signal, ref: false }).catch(() => {});
  for (let failed = failedMs; !signal.aborted;) {
    const wanted = await missingBatch(parts).catch((error: Error) => error);
    if (wanted === undefined) return;
    if (wanted instanceof Error) {
      parts.log.debug({ error: wanted.message }, 'site not compared with the data yet');
      await pause(againMs);
      continue;
    }
    try {
      parts.log.info({ batchId: wanted }, 'the site is of other data: building it');
      await rebuild(wanted, signal);
      return;
    } catch (error) {
      if (signal.aborted) return;
      parts.log.warn({ error: (error as Error).message, againMs: failed }, 'the site was not built');
      await pause(failed);
      failed = Math.min(2 * failed, mostMs);
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
