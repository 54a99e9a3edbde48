/** What waits in memory behind the handlers may last so long, ms: enough to bridge one read. */
const BRIDGE_MS = 4;
/** And be so many at most. */
const MOST_AHEAD = 512;

/**
 * How many entries a reader may hold: as many as its handlers take at once, and, where these are so
 * fast that reading would hold them up, as many again as they work off within a few milliseconds. A
 * handler that takes its time finds nothing read ahead.
 */
export class Window {
  private readonly concurrency: number;
  private ahead = 0;
  private done = 0;
  private since = 0;
  /** Whether handlers began when the measuring did: their ends tell how long they took. */
  private whole = false;
  /** The shortest time that a handler took, ms. */
  private quickest = Infinity;

  constructor(concurrency: number) {
    this.concurrency = concurrency;
  }

  get size(): number {
    return this.concurrency + this.ahead;
  }

  /** Whether a read is worth while, with so many held, of which so many are not handled yet. */
  wantsMore(held: number, unhandled: number): boolean {
    const free = this.size - held;
    if (free <= 0) return false;
    return unhandled < this.concurrency || free >= this.ahead / 2;
  }

  /** A handler begins where none ran. */
  begin(): void {
    this.measure(true);
  }

  /** A handler that began at `begunAt` ended; the last one that ran where `idle`. */
  end(begunAt: number, idle: boolean): void {
    const now = performance.now();
    this.done++;
    this.quickest = Math.min(this.quickest, now - begunAt);
    const ms = now - this.since;
    // Slow ones that end together, seen from the first end on, would seem fast.
    if (ms < BRIDGE_MS && !(idle && this.whole)) return;
    // Also where a machine that stands still has slow ones end in a row.
    const pace = this.quickest < BRIDGE_MS ? (this.done / Math.max(ms, 0.001)) * BRIDGE_MS : 0;
    // Grows by doubling, so that one handler that was lucky proves little; falls at once.
    const most = Math.min(MOST_AHEAD, Math.floor(pace));
    this.ahead = Math.min(most, Math.max(4, this.ahead * 2));
    this.measure(false);
  }

  private measure(whole: boolean): void {
    this.done = 0;
    this.since = performance.now();
    this.quickest = Infinity;
    this.whole = whole;
  }
}
