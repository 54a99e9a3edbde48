import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@afk/bus';
import type { Example } from '@afk/classifier';
import { addMetrics, saveModel, shippedModel, type Pool } from '@afk/database';
import { shippedFingerprint } from '../shipped.ts';
import { measure, trainRow } from '../training.ts';

export type Shipping = { db: Pool; log: Logger; seed: readonly Example[] };

/**
 * The row of the model that this AFK comes with: trained and stored where it is not there yet. Several replicas
 * may do so at once, and store the same.
 *
 * @returns its version
 */
export async function ensureShipped({ db, log, seed }: Shipping, signal: AbortSignal): Promise<string> {
  const shippedFrom = shippedFingerprint(seed);
  const known = await shippedModel(db, shippedFrom);
  if (known) return known.version;
  const started = performance.now();
  const row = await trainRow({ examples: seed, signal });
  await saveModel(db, { ...row, shippedFrom });
  const ms = Math.round(performance.now() - started);
  log.info({ model: row.version, examples: row.examples, ms }, 'model trained');
  return row.version;
}

/**
 * Cross-validates the shipped model where that has not been done: later, between events, for nobody waits for
 * it. Killed amid it, the next start does it.
 *
 * @param quietMs to wait before: the first run has the machine to itself
 */
export async function measureShipped(
  { db, log, seed }: Shipping,
  quietMs: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    await sleep(quietMs, undefined, { signal, ref: false });
    const row = await shippedModel(db, shippedFingerprint(seed));
    if (!row || row.metrics.accuracy !== undefined) return;
    const figures = await measure({ examples: seed, signal });
    await addMetrics(db, row.version, figures);
    log.info({ model: row.version, ...figures }, 'model measured');
  } catch (error) {
    if (!signal.aborted) log.warn({ error: (error as Error).message }, 'the model could not be measured');
  }
}
