import type { http } from '@afk/contracts';
import type { Sealed, Schemas } from './envelope.ts';
import type { Logger } from './service.ts';

/**
 * What the bus needs of whatever carries its events. `redis/` is one; another (Kafka, say) implements
 * these two interfaces and passes `conformance/`.
 *
 * Every promise rejects where the outcome is unknown (the connection was lost): each step here may be
 * asked for again then, and has its effect once.
 */
export interface Transport {
  /**
   * Appends events to the channel of their emitter, in order, and shows them to whoever watches. An
   * event whose id was emitted before is left out.
   *
   * @returns how many were new
   */
  emit(emitter: string, events: readonly Sealed[]): Promise<number>;
  /** Joins the group of a service: what comes on the channels goes to one member of each group. */
  join(options: JoinOptions): Promise<Member>;
  /** Takes in what others publish without an id, once over all who hear it. @returns what stops it */
  adoptBare(options: BareOptions): Promise<() => Promise<void>>;
  deadLetters(services: readonly string[], limit?: number): Promise<DeadLetter[]>;
  /** Gives a dead letter to its service again, and to that alone. @returns false where there is none */
  replay(service: string, id: string): Promise<boolean>;
  /** Throws a dead letter away. @returns false where there is none */
  drop(service: string, id: string): Promise<boolean>;
  healthy(): Promise<boolean>;
  close(): Promise<void>;
}

export type JoinOptions = {
  service: string;
  /** Unique among the members of the group. */
  consumer: string;
  /** Channels read, without prefix. */
  channels: readonly string[];
  /** How long an event stays with a member that shows no sign of life, ms. */
  leaseMs: number;
};

/** One member of a service's group. */
export interface Member {
  /**
   * Takes entries: those to be tried again now, those of members that died, then new ones in the
   * order of their channel. Waits up to `waitMs` where there are none.
   *
   * @param max never more than this
   * @param paused channels of which no new ones are wanted, or "all" of them
   */
  read(max: number, waitMs: number, paused?: ReadonlySet<string> | 'all'): Promise<Entry[]>;
  /**
   * Acknowledges entries and emits what came of each, in one step an entry.
   *
   * @returns those that had been finished by somebody else, of which nothing is emitted
   */
  finish(batch: readonly Finished[]): Promise<Entry[]>;
  /** Not to be tried before `delayMs` from now. @returns false where it is not ours any more */
  postpone(entry: Entry, delayMs: number): Promise<boolean>;
  /** Acknowledges the entry, keeps it as a dead letter, and emits. @returns false where it was finished */
  bury(entry: Entry, letter: Letter, outputs: readonly Sealed[]): Promise<boolean>;
  /** Renews the leases of entries in hand. @returns those that another member holds by now */
  renew(entries: readonly Entry[]): Promise<Entry[]>;
  /** Hands back entries that nobody began to handle: not an attempt. */
  release(entries: readonly Entry[]): Promise<void>;
  /** How far the group is behind, a channel. */
  backlog(): Promise<Backlog[]>;
  /** Ends a read that waits, and lets no other begin. */
  stop(): void;
  /** Leaves the group: no name remains where nothing is pending. */
  leave(): Promise<void>;
}

/** An event as it lies on its channel, in hand. */
export type Entry = {
  /** Where it lies; opaque, the same for all entries of a channel. */
  readonly stream: string;
  /** The channel without prefix. */
  readonly channel: string;
  readonly id: string;
  readonly payload: string;
  /** How often it was given to somebody, this time included. */
  readonly deliveries: number;
  /** Whether it was a dead letter before. */
  readonly replayed: boolean;
};

export type Finished = { readonly entry: Entry; readonly outputs: readonly Sealed[] };

/** What is kept of an event that is given up. */
export type Letter = {
  payload: string;
  channel: string;
  event: string;
  reason: string;
  handler: string;
  attempts: number;
  stack: string;
};

/** A dead letter with all that is known of it. */
export type DeadLetter = http.DeadLetter & { payload: string; stack: string };

/** `lag`: entries that no member has taken; undefined where it cannot be told. `pending`: taken, unfinished. */
export type Backlog = { channel: string; lag: number | undefined; pending: number };

export type BareOptions = {
  service: string;
  instance: string;
  schemas: Schemas;
  log: Logger;
  /** By channel, every event that anybody takes from it: who hears a message first decides for the others. */
  events: ReadonlyMap<string, readonly string[]>;
  /** By channel, whose dead letters an unreadable message joins, whoever hears it; else this service's. */
  owners?: ReadonlyMap<string, string>;
  /** Request channels that this instance serves. */
  requests: readonly string[];
};
