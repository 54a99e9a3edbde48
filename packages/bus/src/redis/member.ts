import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { Unavailable } from '../errors.ts';
import type { Sealed } from '../envelope.ts';
import type { Backlog, Entry, Finished, JoinOptions, Letter, Member } from '../transport.ts';
import { deadFields } from './dead-letters.ts';
import { bury, finish, postpone, release, renew } from './lua/settle.ts';
import { claim, forget, restore, takeFew } from './lua/take.ts';
import { byWeight, keyOf, topOf } from './entries.ts';
import type { Names } from './names.ts';
import { runScript, type Script } from './run.ts';
import { payloadOf, readNew, type Raw } from './streams.ts';

/** How many finished ids are kept in one generation before another begins. */
const GENERATION = 4096;
/** A consumer that holds nothing and was silent for so long counts as gone, ms; at least twice the lease. */
const FORGET_MS = 60_000;
/**
 * How often it is looked for what others handed back or postponed and left behind, ms: nothing ends a
 * wait for that. Leases that ran out are looked for three times in a lease.
 */
const LOOK_MS = 1000;

type Source = { channel: string; replayed: boolean };
type Taken = [stream: string, id: string, ...fields: string[]];
type MemberOptions = JoinOptions & { onFinished: (events: number) => void };

/** Membership of a consumer group over the streams of a service's channels, and its inbox. */
export class RedisMember implements Member {
  private readonly command: Redis;
  private readonly blocking: Redis;
  private readonly names: Names;
  private readonly options: MemberOptions;
  private readonly sources: ReadonlyMap<string, Source>;
  private readonly channels: ReadonlySet<string>;
  private readonly retry: string;
  /** Taken from Redis, not yet given out: with little room, one may come from each stream at once. */
  private waiting: Entry[] = [];
  private readonly inHand = new Set<Entry>();
  private claimOwn = false;
  private claimAt = 0;
  private sweepAt = 0;
  /** Which stream is asked first where there is room for few. */
  private turn = 0;
  private readonly ending = new AbortController();
  private clientId = 0;
  private blockedUntil = 0;

  constructor(command: Redis, blocking: Redis, names: Names, options: MemberOptions) {
    this.command = command;
    this.blocking = blocking;
    this.names = names;
    this.options = options;
    this.retry = names.retry(options.service);
    const sources = new Map<string, Source>();
    for (const channel of options.channels) sources.set(names.stream(channel), { channel, replayed: false });
    sources.set(names.inbox(options.service), { channel: 'inbox', replayed: true });
    this.sources = sources;
    this.channels = new Set([...this.sources.values()].map((s) => s.channel));
  }

  async join(): Promise<void> {
    await this.restoreGroups();
    await this.forgetConsumers('');
    const ready = async (): Promise<void> => {
      // Entries that were on their way to a socket that died are pending for us, and ">" skips them.
      this.claimOwn = true;
      this.clientId = Number(await this.blocking.client('ID').catch(() => 0));
    };
    this.blocking.on('ready', () => void ready());
    void ready();
  }

  async read(max: number, waitMs: number, paused: ReadonlySet<string> | 'all' = new Set()): Promise<Entry[]> {
    try {
      return await this.take(max, waitMs, paused === 'all' ? this.channels : paused);
    } catch (error) {
      if (!String((error as Error).message).includes('NOGROUP')) throw error;
      await this.restoreGroups();
      throw new Unavailable('the consumer group was gone: made anew', { cause: error });
    }
  }

  private async take(max: number, waitMs: number, paused: ReadonlySet<string>): Promise<Entry[]> {
    const due = this.claimOwn || performance.now() >= this.claimAt ? await this.claim(max) : [];
    if (due.length > 0 || this.ending.signal.aborted) return due;
    const ready = this.waiting.filter((e) => !paused.has(e.channel)).slice(0, max);
    this.waiting = this.waiting.filter((e) => !ready.includes(e));
    if (ready.length > 0) return ready;
    return this.takeNew(max, waitMs, paused);
  }

  private async takeNew(max: number, waitMs: number, paused: ReadonlySet<string>): Promise<Entry[]> {
    const streams = [...this.sources].filter(([, s]) => !paused.has(s.channel)).map(([stream]) => stream);
    const { service: group, consumer } = this.options;
    // Something postponed meanwhile may be due soon, and nothing ends this wait for it: a short one.
    const signal = this.ending.signal;
    if (streams.length === 0) return sleep(Math.min(waitMs, 50), [], { signal }).catch(() => []);
    if (max < streams.length) {
      const few = await this.takeFew(max, streams);
      if (few.length > 0) return few;
    }
    // Asked for at the last moment: what is postponed from here on ends the wait. BLOCK takes whole ms.
    const ms = Math.ceil(Math.min(waitMs, Math.max(1, this.claimAt - performance.now())));
    this.blockedUntil = performance.now() + ms;
    // COUNT holds for each stream by itself.
    const count = Math.max(1, Math.floor(max / streams.length));
    const raws = await readNew(this.blocking, { streams, group, consumer }, count, ms).catch(
      (error: unknown) => {
        // What was on its way is ours, and comes before all else.
        this.claimOwn = true;
        throw error;
      },
    );
    this.blockedUntil = 0;
    const entries = raws.map((raw) => this.entry(raw, 1));
    this.waiting.push(...entries.splice(max));
    return entries;
  }

  /** One read would take one from each: what is more than there is room for would wait here, for nobody. */
  private async takeFew(max: number, streams: readonly string[]): Promise<Entry[]> {
    const { service, consumer } = this.options;
    const from = this.turn++ % streams.length;
    const keys = [...streams.slice(from), ...streams.slice(0, from)];
    try {
      const taken = (await this.run(takeFew, keys, [service, consumer, max])) as Taken[];
      return taken.map(([stream, id, ...fields]) =>
        this.entry({ stream, id, payload: payloadOf(fields) }, 1),
      );
    } catch (error) {
      this.claimOwn = true;
      throw error;
    }
  }

  private entry({ stream, id, payload }: Raw, deliveries: number): Entry {
    const { channel, replayed } = this.sources.get(stream)!;
    const entry = { stream, channel, id, payload, deliveries, replayed };
    this.inHand.add(entry);
    return entry;
  }

  private async claim(max: number): Promise<Entry[]> {
    const { service, consumer, leaseMs } = this.options;
    const own = this.claimOwn;
    const sweep = performance.now() >= this.sweepAt;
    this.claimOwn = false;
    // What is postponed while this is under way lowers it again.
    this.claimAt = Infinity;
    try {
      const keys = [this.retry, ...this.sources.keys()];
      const args = [
        service,
        consumer,
        leaseMs,
        max,
        own ? 1 : 0,
        sweep ? 1 : 0,
        ...[...this.inHand].map(keyOf),
      ];
      const [nextDueMs, ...claimed] = (await runScript(this.command, claim, keys, args)) as [
        number,
        ...[string, string, number, ...string[]][],
      ];
      // Full: there may be more.
      const full = claimed.length >= max;
      if (full) this.claimOwn ||= own;
      else if (sweep) this.sweepAt = performance.now() + leaseMs / 3;
      const wait = full ? 0 : Math.min(LOOK_MS, leaseMs / 3, nextDueMs < 0 ? Infinity : nextDueMs);
      this.claimAt = Math.min(this.claimAt, performance.now() + wait);
      return claimed.map(([stream, id, deliveries, ...fields]) =>
        this.entry({ stream, id, payload: payloadOf(fields) }, deliveries),
      );
    } catch (error) {
      this.claimOwn ||= own;
      this.claimAt = 0;
      throw error;
    }
  }

  async finish(batch: readonly Finished[]): Promise<Entry[]> {
    const elsewhere: Entry[] = [];
    for (const [stream, part] of Map.groupBy(batch, (f) => f.entry.stream)) {
      for (const call of byWeight(part)) elsewhere.push(...(await this.finishOnce(stream, call)));
    }
    this.options.onFinished(batch.length);
    return elsewhere;
  }

  private async finishOnce(stream: string, batch: readonly Finished[]): Promise<Entry[]> {
    const args: (string | number)[] = [...this.head(), topOf(batch)];
    for (const { entry, outputs } of batch) {
      args.push(entry.id, outputs[0]?.json ?? '');
      for (let i = 1; i < outputs.length; i++) args.push('', outputs[i]!.json);
    }
    const lost = (await runScript(this.command, finish, this.keys(stream), args)) as string[];
    for (const { entry } of batch) this.inHand.delete(entry);
    return lost.length === 0 ? [] : batch.map((f) => f.entry).filter((e) => lost.includes(e.id));
  }

  async postpone(entry: Entry, delayMs: number): Promise<boolean> {
    const { service, consumer } = this.options;
    const keys = this.groupKeys(entry.stream);
    const ours = await this.run(postpone, keys, [service, entry.id, consumer, delayMs]);
    this.inHand.delete(entry);
    this.wakeAt(performance.now() + delayMs);
    return ours === 1;
  }

  async bury(entry: Entry, letter: Letter, outputs: readonly Sealed[]): Promise<boolean> {
    const fields = deadFields(letter);
    const keys = [...this.keys(entry.stream), this.names.dead(this.options.service)];
    const args = [...this.head(), entry.id, fields.length / 2, ...fields, ...outputs.map((o) => o.json)];
    const first = await this.run(bury, keys, args);
    this.inHand.delete(entry);
    return first === 1;
  }

  async renew(entries: readonly Entry[]): Promise<Entry[]> {
    const { service, consumer, leaseMs } = this.options;
    const lost: Entry[] = [];
    for (const [stream, part] of Map.groupBy([...entries, ...this.waiting], (e) => e.stream)) {
      const ids = part.map((e) => e.id);
      const keys = this.groupKeys(stream);
      const gone = await this.run(renew, keys, [service, consumer, leaseMs, ...ids]);
      lost.push(...part.filter((e) => (gone as string[]).includes(e.id)));
    }
    this.waiting = this.waiting.filter((e) => !lost.includes(e));
    for (const entry of lost) this.inHand.delete(entry);
    await this.forgetConsumers('');
    return lost;
  }

  async release(entries: readonly Entry[]): Promise<void> {
    const { service, consumer } = this.options;
    for (const [stream, part] of Map.groupBy(entries, (e) => e.stream)) {
      const args = part.flatMap((e) => [e.id, e.deliveries]);
      await this.run(release, this.groupKeys(stream), [service, consumer, ...args]);
      for (const entry of part) this.inHand.delete(entry);
    }
  }

  async backlog(): Promise<Backlog[]> {
    return Promise.all(
      [...this.sources].map(async ([stream, { channel }]) => {
        const groups = (await this.command.xinfo('GROUPS', stream).catch(() => [])) as unknown[][];
        const group = groups.find((g) => g[1] === this.options.service) ?? [];
        const field = (name: string): unknown => group[group.indexOf(name) + 1];
        const lag = field('lag');
        const pending = Number(group.length > 0 ? field('pending') : 0);
        return { channel, lag: typeof lag === 'number' ? lag : undefined, pending };
      }),
    );
  }

  stop(): void {
    this.ending.abort();
    this.blocking.disconnect();
  }

  async leave(): Promise<void> {
    await this.release(this.waiting.splice(0)).catch(() => {});
    await this.forgetConsumers(this.options.consumer);
  }

  private async restoreGroups(): Promise<void> {
    for (const stream of this.sources.keys()) {
      await this.run(restore, this.groupKeys(stream), [this.options.service]);
    }
  }

  /** Instances come and go under new names: those that hold nothing are removed from the groups. */
  private async forgetConsumers(own: string): Promise<void> {
    const { service, leaseMs } = this.options;
    for (const stream of this.sources.keys()) {
      const idle = Math.max(FORGET_MS, 2 * leaseMs);
      await this.run(forget, [stream], [service, own, idle]).catch(() => {});
    }
  }

  /** A read that waits for longer than something postponed has to wait is ended in time. */
  private wakeAt(due: number): void {
    this.claimAt = Math.min(this.claimAt, due);
    if (due >= this.blockedUntil) return;
    const wake = (): void => {
      if (this.ending.signal.aborted || this.blockedUntil <= performance.now() || this.clientId === 0) return;
      // A server that does not permit it delays the attempt by the rest of the wait, no more.
      this.command.client('UNBLOCK', this.clientId).catch(() => {});
    };
    setTimeout(wake, Math.max(0, due - performance.now())).unref();
  }

  private run(what: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return runScript(this.command, what, keys, args);
  }

  /** What is known of the group on a stream: KEYS 1 to 5 of every script that settles something. */
  private groupKeys(stream: string): string[] {
    return [stream, this.retry, ...this.names.finished(this.options.service, stream)];
  }

  private keys(stream: string): string[] {
    return [...this.groupKeys(stream), this.names.stream(this.options.service)];
  }

  private head(): (string | number)[] {
    const { service } = this.options;
    return [service, this.names.channel(service), GENERATION];
  }
}
