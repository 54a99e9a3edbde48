import { RetryLater, Unavailable } from '@afk/bus';
import type { Outcome } from './outcome.ts';

/** Deliveries to one webhook at the same time. */
const AT_ONCE = 8;
/** Failures in a row after which a webhook is left alone for a while, ms the first time, ms at most. */
const PATIENCE = 3;
const FIRST_MS = 5000;
const LONGEST_MS = 300_000;

type Waiting = { enter: () => void; turnAway: (error: Error) => void };
type Door = { inHand: number; queue: Waiting[]; failures: number; until: number };

/**
 * Keeps a webhook that many searches share and that does not answer from taking the places of the others. A few
 * deliveries at a time go to each; once several in a row met nobody, the rest are put off at once until it is time to
 * look again. By the whole URL, not by host: of two on one host, one may hang and the other be well.
 *
 * In the memory of one process: another finds out by itself.
 */
export class Gate {
  private readonly doors = new Map<string, Door>();
  private readonly now: () => number;

  /** @param now ms, monotonic */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /** @throws RetryLater where the webhook is left alone. It is an absence to the bus, which then waits longer. */
  async pass(url: string, signal: AbortSignal, send: () => Promise<Outcome>): Promise<Outcome> {
    const door = this.doorOf(url);
    await this.enter(url, door, signal);
    const before = door.failures;
    try {
      const outcome = await send();
      this.learn(url, door, outcome, before);
      return outcome;
    } finally {
      this.leave(url, door);
    }
  }

  private doorOf(url: string): Door {
    let door = this.doors.get(url);
    if (!door) this.doors.set(url, (door = { inHand: 0, queue: [], failures: 0, until: 0 }));
    return door;
  }

  private async enter(url: string, door: Door, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (door.until > this.now()) throw this.later(url, door);
    if (door.inHand < AT_ONCE) {
      door.inHand++;
      return;
    }
    await new Promise<void>((enter, turnAway) => {
      const waiting = { enter, turnAway };
      door.queue.push(waiting);
      const onAbort = (): void => {
        door.queue = door.queue.filter((w) => w !== waiting);
        turnAway(signal.reason as Error);
      };
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Those that failed side by side are one failure: it is how long nobody answers that counts, not how many asked. */
  private learn(url: string, door: Door, outcome: Outcome, before: number): void {
    if (outcome.kind !== 'again' || !outcome.unreachable) {
      door.failures = 0;
      door.until = 0;
      return;
    }
    if (door.failures === before) door.failures++;
    if (door.failures < PATIENCE) return;
    door.until = this.now() + Math.min(LONGEST_MS, FIRST_MS * 2 ** (door.failures - PATIENCE));
    for (const { turnAway } of door.queue.splice(0)) turnAway(this.later(url, door));
  }

  /** The place goes to who waits for it; a webhook that nobody uses and that is well is forgotten. */
  private leave(url: string, door: Door): void {
    const next = door.queue.shift();
    if (next) return next.enter();
    door.inHand--;
    if (door.inHand === 0 && door.failures === 0) this.doors.delete(url);
  }

  /** Not all at the same moment. */
  private later(url: string, { until }: Door): RetryLater {
    const ms = Math.max(0, until - this.now());
    // Its path may hold a secret.
    const message = `a webhook at ${new URL(url).origin} did not answer lately: left alone for ${Math.ceil(ms / 1000)} s`;
    return new RetryLater(ms * (1 + Math.random() / 2), message, { cause: new Unavailable(message) });
  }
}
