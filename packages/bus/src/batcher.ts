import { setTimeout as sleep } from 'node:timers/promises';
import { outageDelay } from './backoff.ts';

export type BatcherOptions<T> = {
  /** Hands a batch on. Must not reject. @returns what has to be handed on again: its outcome is unknown */
  flush: (batch: T[]) => Promise<T[]>;
  /** Things a batch, at most. */
  size: number;
  /** Batches under way at the same time, at most. */
  depth: number;
};

/**
 * Collects things and hands them on in batches and in order: whatever comes while others are under way
 * leaves together afterwards, so one alone is not delayed and many cost few calls. A second batch under
 * way keeps the other end at work while the reply to the first is read. Where one fails, nothing
 * overtakes it: what failed goes again, in its order, after a while.
 */
export class Batcher<T> {
  private readonly options: BatcherOptions<T>;
  private items: T[] = [];
  private readonly underWay: Promise<T[]>[] = [];
  private working: Promise<void> | undefined;
  /** What failed is being collected: nothing may leave before it. */
  private failing = false;
  private readonly giveUp = new AbortController();

  constructor(options: BatcherOptions<T>) {
    this.options = options;
  }

  add(item: T): void {
    this.items.push(item);
    if (!this.working) this.working = this.work();
    else if (this.items.length >= this.options.size) this.launch();
  }

  /** Resolves when everything was handed on, or after `ms`: what is left then is left. */
  async close(ms: number): Promise<void> {
    const done = new AbortController();
    const timeUp = sleep(ms, undefined, { signal: done.signal }).then(
      () => this.giveUp.abort(),
      () => {},
    );
    // Also where one is under way that nobody answers.
    await Promise.race([this.working, timeUp]);
    done.abort();
  }

  private async work(): Promise<void> {
    // After what runs in this turn of the event loop: handlers that were started together end together.
    await new Promise((resolve) => setImmediate(resolve));
    for (let failures = 0; this.items.length > 0 || this.underWay.length > 0;) {
      while (this.items.length > 0 && this.launch());
      const left = await this.underWay[0]!;
      if (left.length === 0) {
        failures = 0;
        this.underWay.shift();
        continue;
      }
      this.failing = true;
      const all = await Promise.all(this.underWay);
      this.underWay.length = 0;
      if (this.giveUp.signal.aborted) this.items = [];
      else this.items.unshift(...all.flat());
      await this.wait(++failures);
      this.failing = false;
    }
    this.working = undefined;
  }

  /** @returns false where enough is under way */
  private launch(): boolean {
    const { flush, size, depth } = this.options;
    if (this.failing || this.underWay.length >= depth) return false;
    this.underWay.push(flush(this.items.splice(0, size)));
    return true;
  }

  private async wait(failures: number): Promise<void> {
    await sleep(outageDelay(failures), undefined, { signal: this.giveUp.signal }).catch(() => {});
  }
}
