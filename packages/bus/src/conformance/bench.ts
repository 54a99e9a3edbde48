import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sealed } from '../envelope.ts';
import { newId } from '../ids.ts';
import type { Entry, Finished, JoinOptions, Letter, Member, Transport } from '../transport.ts';

/** All names that the suite uses, for transports that must know them beforehand. */
export const CHANNELS = ['left', 'right'] as const;
/** What a service emits comes on the channel of its name. */
export const SERVICES = ['worker', 'audit'] as const;

export type Channel = (typeof CHANNELS)[number] | (typeof SERVICES)[number];
export type ServiceName = (typeof SERVICES)[number];

/** What an implementation gives the suite: a place of one test's own, empty at first. */
export type ConformanceBench = {
  /** A connection of its own, as another process would have it. */
  transport(): Promise<Transport>;
  /** The payloads on a channel, in their order. */
  read(channel: Channel): Promise<string[]>;
  /** What is shown to watchers of the channel from now on; grows as it comes. */
  watch(channel: Channel): Promise<string[]>;
  /** Publishes as a foreign program does, past the transport. */
  publish(channel: Channel, text: string): Promise<void>;
  /** Closes every connection that is still open. */
  close(): Promise<void>;
};

/** Long enough that nothing runs out while a test is busy, short enough to be waited out, ms. */
export const LEASE_MS = 700;
/** A lease that no test outlives, ms. */
export const LONG_MS = 60_000;

/** A bench with what most tests do on it. */
export class Kit {
  readonly bench: ConformanceBench;
  constructor(bench: ConformanceBench) {
    this.bench = bench;
  }

  /** A member on a connection of its own. */
  async join(service: ServiceName, options: Partial<JoinOptions> = {}): Promise<Member> {
    const transport = await this.bench.transport();
    const consumer = `${service}-${newId()}`;
    return transport.join({ service, consumer, channels: ['left'], leaseMs: LONG_MS, ...options });
  }

  /** Emits events numbered from 1, in one call. @returns them */
  async emit(channel: Channel, count = 1): Promise<Sealed[]> {
    const events = Array.from({ length: count }, (_, i) => sealed(`${channel} ${i + 1}`));
    const transport = await this.bench.transport();
    assert.equal(await transport.emit(channel, events), count);
    return events;
  }

  letters(service: ServiceName = 'worker'): ReturnType<Transport['deadLetters']> {
    return this.bench.transport().then((t) => t.deadLetters([service]));
  }
}

/** An event with a text of its own. */
export function sealed(text: string, event = 'said'): Sealed {
  const id = newId();
  return { event, id, json: JSON.stringify({ event, id, text }) };
}

/** The text of a payload that {@link sealed} made. */
export function textOf(payload: string): string {
  return (JSON.parse(payload) as { text: string }).text;
}

export function texts(entries: readonly Entry[]): string[] {
  return entries.map((e) => textOf(e.payload));
}

export function finished(entries: readonly Entry[], ...outputs: Sealed[]): Finished[] {
  return entries.map((entry) => ({ entry, outputs }));
}

export function letterOf(entry: Entry): Letter {
  return {
    payload: entry.payload,
    channel: entry.channel,
    event: 'said',
    reason: 'the reason: "quoted"\nand broken',
    handler: 'worker/said',
    attempts: entry.deliveries,
    stack: 'Error: the reason\n    at somewhere (file.ts:1:1)',
  };
}

/** Reads until `count` entries have come. @throws AssertionError where they do not come within 10 s */
export async function take(member: Member, count: number, max = count): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const deadline = Date.now() + 10_000; entries.length < count && Date.now() < deadline;) {
    const got = await member.read(Math.min(max, count - entries.length), 200);
    assert.ok(got.length <= max, `${got.length} entries where at most ${max} were asked for`);
    entries.push(...got);
  }
  assert.equal(entries.length, count, 'entries that came within 10 s');
  return entries;
}

/** Asserts that nothing comes for `ms`. */
export async function nothing(member: Member, ms = 250): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end;) {
    assert.deepEqual(texts(await member.read(10, Math.max(1, end - Date.now()))), []);
  }
}

export type Case = (name: string, body: (kit: Kit) => Promise<void>) => void;

/** Registers tests, each on a bench of its own. */
export function casesOn(open: () => Promise<ConformanceBench>): Case {
  return (name, body) => {
    test(name, async () => {
      const bench = await open();
      try {
        await body(new Kit(bench));
      } finally {
        await bench.close();
      }
    });
  };
}
