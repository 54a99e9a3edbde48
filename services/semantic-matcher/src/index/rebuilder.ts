import { setTimeout as sleep } from 'node:timers/promises';
import { countIndexed, countUnindexed, withLock, type Pool } from '@afk/database';
import type { Logger } from '@afk/bus';
import type { EncoderSource } from '../encoders/source.ts';
import { limited } from '../limited.ts';
import { fill } from './fill.ts';
import { isOpen, type Indexes, type OpenIndex } from './indexes.ts';
import { isSame, textOf, versionOf } from './version.ts';

type Deps = { db: Pool; indexes: Indexes; source: EncoderSource; log: Logger };

/** What makes replicas take turns at rebuilding. */
const LOCK = 'afk search rebuild';
/** How long an encoder may take to come, ms: one may have to be loaded on its server. */
const ENCODER_MS = 300_000;
/** After a failure, ms. */
const AGAIN_MS = 15_000;
/** After which numbers that still differ are no run's, ms. */
const SETTLED_MS = 2000;
/** While another replica is at it, ms. */
const TAKEN_MS = 1000;

/**
 * Makes the index anew in the background when its encoders are not those that it should have: the first time that there
 * are headlines enough to fit one on, after a refit, after a change of settings. The old one answers until the new one
 * holds everything.
 */
export class Rebuilder {
  private readonly deps: Deps;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private poked = false;
  private incomplete = false;
  /** What this process made last. */
  private made: string | undefined;

  constructor(deps: Deps) {
    this.deps = deps;
  }

  /**
   * Looks whether there is something to do, now or when it has done what it is at.
   *
   * @param incomplete a run has left dense vectors to be made; what is new is the next run's
   */
  poke({ incomplete = false } = {}): void {
    this.incomplete ||= incomplete;
    this.poked = true;
    this.running ??= this.run().finally(() => (this.running = undefined));
  }

  /** Waits until there is nothing left to do. */
  async idle(): Promise<void> {
    while (this.running) await this.running;
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (this.poked && !signal.aborted) {
      this.poked = false;
      const pause = await this.once();
      if (pause === 0) continue;
      this.poked = true;
      await sleep(pause, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  /** @returns after how long it has to be tried again, ms; 0: it is done */
  private async once(): Promise<number> {
    try {
      return (await withLock(this.deps.db, LOCK, () => this.rebuild())) ? 0 : TAKEN_MS;
    } catch (error) {
      if (this.stopping.signal.aborted) return 0;
      this.deps.log.warn({ error: (error as Error).message }, 'index not rebuilt; will try again');
      return AGAIN_MS;
    }
  }

  private async rebuild(): Promise<true> {
    const { db, indexes, source, log } = this.deps;
    const { signal } = this.stopping;
    const answering = await indexes.lookUp();
    // The first run makes the first index.
    if (!answering) return true;
    await source.refresh(signal);
    const dense = await limited(ENCODER_MS, signal, () => source.dense());
    const encoders = { sparse: source.sparse, dense };
    const wanted = versionOf(encoders);
    if (isOpen(answering, source.sparse) && isSame(answering.version, wanted))
      return this.complete(answering);
    if (textOf(wanted) === this.made) {
      log.warn({ wanted: this.made }, 'another replica has other encoders: its index is left as it is');
      return true;
    }
    const started = performance.now();
    const index = await indexes.open(encoders);
    log.info({ index: index.row.id, version: textOf(wanted) }, 'rebuilding the index');
    let count = 0;
    do {
      const filled = await fill(db, index, { signal });
      if (filled.failure) throw filled.failure;
      count += filled.count;
    } while ((await countUnindexed(db, index.row)) > 0);
    if (!(await indexes.isMeant(index))) throw new Error(`another index took the place of ${index.row.id}`);
    await indexes.publish(index);
    // What a run has given to the old one since.
    count += (await fill(db, index, { signal })).count;
    this.made = textOf(wanted);
    const seconds = Math.round(performance.now() - started) / 1000;
    log.info({ index: index.row.id, headlines: count, seconds }, 'the rebuilt index answers');
    return true;
  }

  /** Gives the index that answers what a run could not, and makes another where it does not hold what it should. */
  private async complete(index: OpenIndex): Promise<true> {
    const { db, indexes, log } = this.deps;
    if (this.incomplete) {
      const { failure } = await fill(db, index, { signal: this.stopping.signal });
      if (failure) throw failure;
      this.incomplete = false;
    }
    const wrong = await this.differenceOf(index);
    if (!wrong) return true;
    log.warn({ index: index.row.id, ...wrong }, 'the index does not hold what it should: making another');
    await indexes.giveUp(index);
    this.made = undefined;
    this.poked = true;
    return true;
  }

  /** Points and marks, where they differ and stay so: a run that is under way changes them. */
  private async differenceOf({
    row,
    points,
  }: OpenIndex): Promise<{ points: number; marked: number } | undefined> {
    const count = async () => ({
      points: await points.count(),
      marked: await countIndexed(this.deps.db, row),
    });
    const first = await count();
    if (first.points === first.marked) return undefined;
    await sleep(SETTLED_MS, undefined, { signal: this.stopping.signal });
    const second = await count();
    return second.points === first.points && second.marked === first.marked ? second : undefined;
  }
}
