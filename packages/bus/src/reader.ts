import { setTimeout as sleep } from 'node:timers/promises';
import type { PipelineService } from '@afk/contracts';
import { outageDelay } from './backoff.ts';
import { parseObject, type AnyEvent } from './envelope.ts';
import { PATIENCE, Permanent } from './errors.ts';
import { DeliveryContext } from './context.ts';
import { derivedId } from './ids.ts';
import type { Delivery } from './middleware/chain.ts';
import type { Logger } from './service.ts';
import { Settler, type Judge, type Outcome } from './settle.ts';
import type { Entry, Member } from './transport.ts';
import { Window } from './window.ts';

type Deps = {
  member: Member;
  service: string;
  entry: PipelineService;
  leaseMs: number;
  judge: Judge;
  /** The middlewares, and the handler in their midst. */
  run: (delivery: Delivery) => Promise<void>;
  log: Logger;
};

/** Longest wait of a read, ms. */
const WAIT_MS = 2000;
/** Time that handlers in hand have to finish when the service stops, ms. Below `stop_grace_period`. */
const DRAIN_MS = 6000;
/** Time to tell what became of them, ms. */
const SETTLE_MS = 1500;

/** An entry in hand, from the read to the word that it is settled. */
type Item = { entry: Entry; ctx: DeliveryContext; takenAt: number; begunAt: number };

/**
 * Takes a service's events as fast as its handlers do them, and no faster: never more handlers at once
 * than its concurrency, never more in memory than its {@link Window}.
 *
 * At concurrency 1, events of a channel are handled in their order, also where one fails: those behind
 * it wait until it is finished or given up.
 */
export class Reader {
  private readonly deps: Deps;
  private readonly window: Window;
  private readonly settler: Settler;
  private readonly wanted: ReadonlySet<string>;
  private readonly held = new Map<Entry, Item>();
  private readonly queue: Item[] = [];
  private readonly running = new Set<Item>();
  /** Channels that wait for a failed event (strict order): its id, when it is due, when to stop waiting. */
  private readonly blocked = new Map<string, { id: string; due: number; until: number }>();
  private stopping = false;
  private loop: Promise<void> = Promise.resolve();
  private wake: () => void = () => {};
  private renewing: NodeJS.Timeout | undefined;

  constructor(deps: Deps) {
    this.deps = deps;
    this.window = new Window(deps.entry.concurrency);
    this.wanted = new Set(deps.entry.subscribes.flatMap((s) => s.events));
    this.settler = new Settler(deps.member, deps.log, (outcomes) => this.settled(outcomes));
  }

  start(): void {
    this.renewing = setInterval(() => void this.renewLeases(), this.deps.leaseMs / 3);
    this.loop = this.readUntilStopped();
  }

  /** Stops reading; waits for what is in hand, then aborts it and hands it back. */
  async close(): Promise<void> {
    const { member } = this.deps;
    this.stopping = true;
    member.stop();
    this.wake();
    await this.loop;
    const unbegun = this.queue.splice(0);
    for (const { entry } of unbegun) this.held.delete(entry);
    await member.release(unbegun.map((i) => i.entry)).catch(() => {});
    await this.handlersEnd(DRAIN_MS);
    for (const { entry, ctx } of this.running) {
      ctx.abort(new Error('the service is stopping'));
      this.settler.add({ kind: 'postponed', entry, delayMs: 0 });
    }
    await this.settler.close(SETTLE_MS);
    clearInterval(this.renewing);
    await member.leave();
  }

  private async handlersEnd(ms: number): Promise<void> {
    const deadline = performance.now() + ms;
    while (this.running.size > 0 && performance.now() < deadline) {
      await this.woken(deadline - performance.now());
    }
  }

  /** Waits until something ends, or for so many ms. */
  private woken(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms < Infinity ? setTimeout(resolve, ms) : undefined;
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async readUntilStopped(): Promise<void> {
    let failures = 0;
    while (!this.stopping) {
      try {
        await this.readOnce();
        failures = 0;
      } catch (error) {
        if (this.stopping) return;
        failures++;
        this.deps.log.warn({ error: (error as Error).message, failures }, 'reading failed');
        await sleep(outageDelay(failures));
      }
    }
  }

  private async readOnce(): Promise<void> {
    // What waits behind a failed event takes no room from other channels; of its own, no more is read.
    const aside = this.blocked.size === 0 ? 0 : this.queue.filter((i) => this.waits(i)).length;
    const held = this.held.size - aside;
    const unhandled = this.queue.length + this.running.size - aside;
    if (!this.triesAgain() && this.window.wantsMore(held, unhandled)) {
      return this.readInto(this.window.size - held, WAIT_MS, new Set(this.blocked.keys()));
    }
    const due = this.nextBlockDue();
    // The failed event that holds up its channel finds room, whatever was read behind it.
    if (due <= 0) return this.readInto(1, 1, 'all');
    await this.woken(due);
  }

  /**
   * Whether a failed event that holds up its channel is in hand: its end will open the channel, which a
   * read that is begun before would leave out for as long as it waits.
   */
  private triesAgain(): boolean {
    if (this.blocked.size === 0) return false;
    return this.held.keys().some(({ channel, id }) => this.blocked.get(channel)?.id === id);
  }

  private async readInto(max: number, waitMs: number, paused: ReadonlySet<string> | 'all'): Promise<void> {
    const entries = await this.deps.member.read(max, waitMs, paused);
    const now = performance.now();
    for (const entry of entries) this.take(entry, now);
    this.pump();
  }

  private take(entry: Entry, takenAt: number): void {
    const item = { entry, ctx: new DeliveryContext(entry, this.deps.log), takenAt, begunAt: 0 };
    this.held.set(entry, item);
    if (this.blocked.get(entry.channel)?.id === entry.id) this.queue.unshift(item);
    else this.queue.push(item);
  }

  /** Begins handlers, as many as may run. */
  private pump(): void {
    while (this.running.size < this.deps.entry.concurrency && !this.stopping) {
      const item = this.nextInLine();
      if (!item) return;
      if (this.running.size === 0) this.window.begin();
      item.begunAt = performance.now();
      this.running.add(item);
      void this.process(item);
    }
  }

  private nextInLine(): Item | undefined {
    if (this.blocked.size === 0) return this.queue.shift();
    const at = this.queue.findIndex((item) => !this.waits(item));
    return at < 0 ? undefined : this.queue.splice(at, 1)[0];
  }

  /** Whether it is behind a failed event of its channel. */
  private waits({ entry }: Item): boolean {
    const block = this.blocked.get(entry.channel);
    return block !== undefined && block.id !== entry.id;
  }

  /** Never rejects: what became of the entry is the settler's. */
  private async process(item: Item): Promise<void> {
    const { entry, ctx } = item;
    let event: AnyEvent | undefined;
    let outcome: Outcome | undefined;
    try {
      event = this.read(entry);
      if (event) await this.handle(event, item);
      outcome = { kind: 'finished', entry, outputs: ctx.close() };
    } catch (error) {
      ctx.close();
      if (!ctx.aborted) outcome = this.deps.judge.failed(entry, error, event);
    }
    this.running.delete(item);
    this.window.end(item.begunAt, this.running.size === 0 && this.queue.length === 0);
    if (outcome && !ctx.handedBack) {
      this.keepOrder(outcome);
      this.settler.add(outcome);
    } else {
      this.held.delete(entry);
      this.wake();
    }
    this.pump();
    if (this.running.size === 0) this.wake();
  }

  /** @returns undefined for an event that is none of this service's business. @throws Permanent */
  private read(entry: Entry): AnyEvent | undefined {
    const attempts = this.deps.entry.retry.attempts * PATIENCE;
    if (entry.deliveries > attempts) {
      throw new Permanent(`delivered ${entry.deliveries} times and never finished (at most ${attempts})`);
    }
    const raw = parseObject(entry.payload);
    const name = raw['event'];
    if (typeof name !== 'string') throw new Permanent('field "event" is missing');
    if (!this.wanted.has(name)) {
      // On a channel it is meant for others; in the inbox it would be gone without a trace.
      if (entry.replayed) throw new Permanent(`"${name}" is no event of this service`);
      return undefined;
    }
    return (entry.replayed ? completed(raw, entry.id) : raw) as AnyEvent;
  }

  private handle(event: AnyEvent, { entry, ctx }: Item): Promise<void> {
    const outgoing: Record<string, unknown> = {};
    const delivery: Delivery = { event, entry, ctx, outgoing };
    ctx.open((ordinal, name, fields) => this.deps.judge.output(event, ordinal, name, fields, outgoing));
    return this.deps.run(delivery);
  }

  /** With one handler, what follows a failed event on its channel waits for it. */
  private keepOrder(outcome: Outcome): void {
    const { channel, id } = outcome.entry;
    if (this.deps.entry.concurrency > 1) return;
    if (outcome.kind === 'postponed') {
      // Should another member take it over, this one does not wait for ever.
      const due = performance.now() + outcome.delayMs;
      this.blocked.set(channel, { id, due, until: due + this.deps.leaseMs });
    } else if (this.blocked.get(channel)?.id === id) this.blocked.delete(channel);
  }

  /** Ms until a failed event that holds up its channel is due; gives up on those that others took over. */
  private nextBlockDue(): number {
    let next = Infinity;
    for (const [channel, block] of this.blocked) {
      if (block.until <= performance.now()) {
        this.blocked.delete(channel);
        this.pump();
      } else next = Math.min(next, block.due - performance.now());
      if (block.due <= performance.now()) block.due = performance.now() + 250;
    }
    return next;
  }

  private settled(outcomes: readonly Outcome[]): void {
    for (const { entry } of outcomes) this.held.delete(entry);
    this.wake();
  }

  private async renewLeases(): Promise<void> {
    const { member, leaseMs, log } = this.deps;
    const before = performance.now() - leaseMs / 4;
    const old = [...this.held.values()].filter((i) => i.takenAt < before).map((i) => i.entry);
    // Where the transport is away, leases may run out, and finishing will then find that out.
    for (const entry of await member.renew(old).catch(() => [])) {
      const item = this.held.get(entry);
      if (!item) continue;
      log.warn({ entry: entry.id }, 'lease lost: another worker has it');
      item.ctx.abort(new Error('lease lost'));
      if (item.begunAt > 0) continue;
      this.queue.splice(this.queue.indexOf(item), 1);
      this.held.delete(entry);
      this.wake();
    }
  }
}

/** A replayed letter may be a bare message that was never adopted: it gets what adoption gives. */
function completed(raw: Record<string, unknown>, entryId: string): Record<string, unknown> {
  const id = typeof raw['id'] === 'string' ? raw['id'] : derivedId('replayed', entryId);
  return { correlation_id: id, timestamp: new Date().toISOString(), ...raw, id };
}
