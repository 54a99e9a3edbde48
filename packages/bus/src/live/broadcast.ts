import type { Redis } from 'ioredis';
import { parseObject } from '../envelope.ts';
import { broadcast } from '../redis/lua/live.ts';
import type { Names } from '../redis/names.ts';
import { runScript } from '../redis/run.ts';
import { payloadOf } from '../redis/streams.ts';
import type { Logger } from '../service.ts';
import type { Subscriptions } from './subscriptions.ts';

/** How many messages of a channel are kept for those who were away. */
export const KEPT = 1000;
const PAGE = 100;

export type Message = { readonly [field: string]: unknown };

/**
 * Tells all who listen now, and keeps the message for those who come back: they re-read from the
 * revision that they had.
 *
 * @param message an object; without a `revision` of its own it is sent with the channel's next one
 * @returns the revision
 * @throws Unavailable where Redis is away
 */
export async function sendBroadcast(
  { redis, names }: { redis: Redis; names: Names },
  channel: string,
  message: Message,
): Promise<number> {
  const own = typeof message['revision'] === 'number' ? message['revision'] : '';
  const args = [names.channel(channel), JSON.stringify(message), own, KEPT];
  return (await runScript(redis, broadcast, [names.kept(channel)], args)) as number;
}

/** Messages that a listener did not get, by their revisions; `to` undefined: nobody knows how many. */
export type Missed = { from: number; to: number | undefined };

export type BroadcastListener = {
  /** One at a time, in order. What it throws is logged, and the next message comes. */
  onMessage(message: Message, revision: number | undefined): Promise<void> | void;
  /** The revision from which on messages are wanted; without it, only those that come from now on. */
  since?: number;
  /**
   * Where missed messages are read from. Default: the last {@link KEPT} of the channel, kept in Redis.
   * @param since the last revision that the listener had
   * @returns in order, each with its revision
   */
  reread?(since: number): Promise<Reread>;
  /** Told of messages that cannot be had any more: state built from them must be read anew as a whole. */
  onMissed?(missed: Missed): void;
  /** Messages that wait in memory for a slow `onMessage`, at most; beyond it the oldest are dropped. */
  buffer?: number;
};

export type Reread = { messages: { revision: number; message: Message }[]; missed?: Missed };

type Deps = { command: Redis; subscriptions: Subscriptions; names: Names; log: Logger };

/**
 * Listens to a broadcast channel. Broadcast is at most once by nature; this listener notices what it
 * missed: after every (re)subscription, and where a revision is not the next one, it re-reads. A
 * listener that is too slow for its buffer loses the oldest messages from it, says so, and re-reads
 * them at its own pace. Messages without a revision (a bare PUBLISH) come while connected only.
 *
 * @returns what ends it
 */
export async function listenBroadcast(
  deps: Deps,
  channel: string,
  listener: BroadcastListener,
): Promise<() => void> {
  const inbox = new BroadcastInbox(deps, channel, listener);
  const stop = await deps.subscriptions.listen(channel, inbox);
  return () => {
    inbox.close();
    stop();
  };
}

/** What came for one listener, from the wire to its handler. */
class BroadcastInbox {
  private readonly deps: Deps;
  private readonly channel: string;
  private readonly listener: BroadcastListener;
  private queue: string[] = [];
  private dropped = 0;
  private last: number | undefined;
  private mustReread = false;
  private rereadFor: number | undefined;
  private working: Promise<void> | undefined;
  private closed = false;

  constructor(deps: Deps, channel: string, listener: BroadcastListener) {
    this.deps = deps;
    this.channel = channel;
    this.listener = listener;
    this.last = listener.since;
  }

  onSubscribed(): void {
    this.mustReread = true;
    this.work();
  }

  onMessage(text: string): void {
    this.queue.push(text);
    if (this.queue.length > (this.listener.buffer ?? KEPT)) {
      this.queue.shift();
      this.dropped++;
    }
    this.work();
  }

  close(): void {
    this.closed = true;
    this.queue = [];
  }

  private work(): void {
    this.working ??= this.drain().finally(() => {
      this.working = undefined;
      if (!this.closed && (this.mustReread || this.queue.length > 0)) this.work();
    });
  }

  private async drain(): Promise<void> {
    while (!this.closed && (this.mustReread || this.queue.length > 0)) {
      if (this.dropped > 0) this.tellDropped();
      if (this.mustReread) {
        if (!(await this.catchUp())) return;
        continue;
      }
      await this.next(this.queue.shift()!);
    }
  }

  private async next(text: string): Promise<void> {
    let message: Message;
    try {
      message = parseObject(text);
    } catch (error) {
      this.deps.log.warn({ channel: this.channel, error: (error as Error).message }, 'broadcast left out');
      return;
    }
    const { revision } = message;
    if (typeof revision !== 'number') return this.hand(message, undefined);
    if (this.last !== undefined && revision <= this.last) {
      // Had already; unless Redis lost its data and counts from the beginning, which a look will show.
      this.mustReread = !this.listener.reread;
      return;
    }
    const gap = this.last !== undefined && revision > this.last + 1;
    if (gap && this.rereadFor !== revision) {
      // What is between was missed, or is late: read it first, and then look at this one again.
      this.rereadFor = revision;
      this.mustReread = true;
      this.queue.unshift(text);
      return;
    }
    return this.hand(message, revision);
  }

  /** @returns false where that was not possible now: later again */
  private async catchUp(): Promise<boolean> {
    this.mustReread = false;
    try {
      if (this.last === undefined) {
        this.last = await this.newest();
        return true;
      }
      const { messages, missed } = await (this.listener.reread?.(this.last) ?? this.rereadKept(this.last));
      if (missed) this.tellMissed(missed);
      for (const { message, revision } of messages) await this.hand(message, revision);
      return true;
    } catch (error) {
      this.mustReread = true;
      const { message } = error as Error;
      this.deps.log.warn({ channel: this.channel, error: message }, 're-reading a broadcast failed');
      await new Promise((resolve) => setTimeout(resolve, 500).unref());
      return false;
    }
  }

  private async hand(message: Message, revision: number | undefined): Promise<void> {
    if (this.closed) return;
    if (revision !== undefined) this.last = revision;
    try {
      await this.listener.onMessage(message, revision);
    } catch (error) {
      const about = { channel: this.channel, revision, error: (error as Error).message };
      this.deps.log.error(about, 'a broadcast was not handled');
    }
  }

  private async newest(): Promise<number> {
    const [entry] = await this.deps.command.xrevrange(this.kept, '+', '-', 'COUNT', 1);
    return entry ? revisionOf(entry[0]) : 0;
  }

  /** From the channel's kept messages, page by page so that a slow handler holds no more in memory. */
  private async rereadKept(since: number): Promise<Reread> {
    const newest = await this.newest();
    if (newest < since) {
      // Redis lost it all, or begins anew: what was missed is unknown.
      this.last = 0;
      this.mustReread = newest > 0;
      return { messages: [], missed: { from: since + 1, to: undefined } };
    }
    const page = await this.deps.command.xrange(this.kept, `(${since}-0`, '+', 'COUNT', PAGE);
    this.mustReread ||= page.length === PAGE;
    const messages = page.map(([id, fields]) => ({
      revision: revisionOf(id),
      message: parseObject(payloadOf(fields)),
    }));
    const first = messages[0]?.revision;
    const gap = first !== undefined && first > since + 1;
    return gap ? { messages, missed: { from: since + 1, to: first - 1 } } : { messages };
  }

  private get kept(): string {
    return this.deps.names.kept(this.channel);
  }

  private tellDropped(): void {
    const about = { channel: this.channel, dropped: this.dropped };
    this.deps.log.warn(about, 'a listener is too slow: the oldest broadcasts were dropped from its buffer');
    this.dropped = 0;
  }

  private tellMissed(missed: Missed): void {
    this.deps.log.warn({ channel: this.channel, ...missed }, 'broadcasts were missed for good');
    this.listener.onMissed?.(missed);
  }
}

function revisionOf(id: string): number {
  return Number(id.slice(0, id.indexOf('-')));
}
