import { setTimeout as sleep } from 'node:timers/promises';
import type { PipelineService } from '@afk/contracts';
import type { Redis } from 'ioredis';
import { BLOCK_MS } from './connection.ts';
import { check, parseObject, type AnyEvent, type Schemas, type Sealed } from './envelope.ts';
import { PATIENCE, Permanent } from './errors.ts';
import { derivedId } from './ids.ts';
import { claim, forget, renew } from './lua/scripts.ts';
import { runScript } from './lua/run.ts';
import type { Delivery } from './middleware/chain.ts';
import type { Names } from './names.ts';
import type { Outcome } from './outcome.ts';
import type { Context, Logger } from './service.ts';
import { ensureGroup, payloadOf, readNew, type Entry } from './streams.ts';

type Deps = {
  command: Redis;
  blocking: Redis;
  names: Names;
  service: string;
  entry: PipelineService;
  schemas: Schemas;
  consumer: string;
  leaseMs: number;
  outcome: Outcome;
  run: (delivery: Delivery) => Promise<void>;
  log: Logger;
};

/** How long a consumer that holds nothing may be silent before it counts as gone, ms. */
const FORGET_MS = 3_600_000;

/** Time that handlers in hand have to finish when the service stops, ms. Below `stop_grace_period`. */
const DRAIN_MS = 6000;

/**
 * Reads a service's streams with its consumer group, never holding more entries than its concurrency.
 *
 * Reads on a connection of its own: postponed and orphaned entries first, then new ones, waiting in
 * Redis until there is something. Whatever goes wrong with Redis is waited out here.
 */
export class Reader {
  private readonly deps: Deps;
  private readonly streams: string[];
  private readonly wanted: ReadonlySet<string>;
  private readonly inHand = new Map<string, { entry: Entry; abort: AbortController; done: Promise<void> }>();
  private stopping = false;
  private claimOwn = false;
  private loop: Promise<void> = Promise.resolve();
  private renewing: NodeJS.Timeout | undefined;

  constructor(deps: Deps) {
    this.deps = deps;
    const { entry, names, service } = deps;
    const channels = [...new Set(entry.subscribes.map((s) => s.channel).filter((c) => c !== '*'))];
    this.streams = [...channels.map((c) => names.stream(c)), names.inbox(service)];
    this.wanted = new Set(entry.subscribes.flatMap((s) => s.events));
  }

  async start(): Promise<void> {
    await this.ensureGroups();
    await this.forgetConsumers('');
    // Entries that were on their way to a socket that died are pending for us, and ">" skips them.
    this.deps.blocking.on('ready', () => (this.claimOwn = true));
    this.renewing = setInterval(() => void this.renewLeases(), this.deps.leaseMs / 3);
    this.loop = this.readUntilStopped();
  }

  /** Stops reading; waits for what is in hand, then aborts it and hands it back. */
  async close(): Promise<void> {
    this.stopping = true;
    clearInterval(this.renewing);
    this.deps.blocking.disconnect();
    await this.loop;
    await this.settle(DRAIN_MS);
    for (const { entry, abort } of this.inHand.values()) {
      abort.abort(new Error('the service is stopping'));
      await this.deps.outcome.postpone(entry, this.deps.consumer, 0).catch(() => {});
    }
    await this.forgetConsumers(this.deps.consumer);
  }

  /** Instances come and go under new names: those that hold nothing are removed from the groups. */
  private async forgetConsumers(own: string): Promise<void> {
    const { command, service } = this.deps;
    for (const stream of this.streams) {
      await runScript(command, forget, [stream], [service, own, FORGET_MS]).catch(() => {});
    }
  }

  private async settle(ms: number): Promise<void> {
    const all = Promise.all([...this.inHand.values()].map((h) => h.done));
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
    await Promise.race([all, timeout]);
    clearTimeout(timer);
  }

  private async ensureGroups(): Promise<void> {
    for (const stream of this.streams) await ensureGroup(this.deps.command, stream, this.deps.service);
  }

  private async readUntilStopped(): Promise<void> {
    let failures = 0;
    while (!this.stopping) {
      try {
        await this.readOnce();
        failures = 0;
      } catch (error) {
        if (this.stopping) return;
        await this.recover(error as Error, ++failures);
      }
    }
  }

  private async recover(error: Error, failures: number): Promise<void> {
    const groupGone = error.message.includes('NOGROUP');
    if (groupGone) await this.ensureGroups().catch(() => {});
    this.deps.log.warn(
      { error: error.message, failures },
      groupGone ? 'consumer group was gone: recreated from the start' : 'reading failed',
    );
    await sleep(Math.min(2000, 50 * 2 ** Math.min(failures, 6)));
  }

  private async readOnce(): Promise<void> {
    const { entry, blocking, service, consumer } = this.deps;
    const free = entry.concurrency - this.inHand.size;
    if (free <= 0) {
      await Promise.race([...this.inHand.values()].map((h) => h.done));
      return;
    }
    const { entries, nextDueMs } = await this.claimPending(free);
    for (const e of entries) this.take(e);
    const room = free - entries.length;
    if (room <= 0) return;
    const wait = nextDueMs < 0 ? BLOCK_MS : Math.max(1, Math.min(BLOCK_MS, nextDueMs));
    const group = { streams: this.streams, group: service, consumer };
    for (const e of await readNew(blocking, group, room, wait)) this.take(e);
  }

  private async claimPending(max: number): Promise<{ entries: Entry[]; nextDueMs: number }> {
    const { command, names, service, consumer, leaseMs } = this.deps;
    const own = this.claimOwn;
    this.claimOwn = false;
    const reply = (await runScript(
      command,
      claim,
      [names.retry(service), ...this.streams],
      [service, consumer, leaseMs, max, own ? 1 : 0, ...this.inHand.keys()],
    )) as [number, ...[string, string, number, ...string[]][]];
    const [nextDueMs, ...claimed] = reply;
    const entries = claimed.map(([stream, id, deliveries, ...fields]) => ({
      stream,
      id,
      deliveries,
      payload: payloadOf(fields),
    }));
    return { entries, nextDueMs };
  }

  private take(entry: Entry): void {
    const key = `${entry.stream}|${entry.id}`;
    if (this.inHand.has(key)) return;
    const abort = new AbortController();
    const done = this.process(entry, abort.signal).finally(() => this.inHand.delete(key));
    this.inHand.set(key, { entry, abort, done });
  }

  /** Never rejects: what cannot be decided now stays pending, and is claimed when its lease runs out. */
  private async process(entry: Entry, signal: AbortSignal): Promise<void> {
    const { outcome, consumer, log } = this.deps;
    let event: AnyEvent | undefined;
    try {
      try {
        event = this.read(entry);
        const outputs = event ? await this.handle(entry, event, signal) : [];
        const first = await outcome.finished(entry, outputs);
        if (!first)
          log.warn({ entry: entry.id, event: event?.event }, 'finished elsewhere: effects left out');
      } catch (error) {
        if (signal.aborted || isConnectionError(error)) throw error;
        await outcome.failed(entry, consumer, error, event);
      }
    } catch (error) {
      log.warn({ entry: entry.id, error: (error as Error).message }, 'left pending');
    }
  }

  /** @returns undefined for an event that is none of this service's business. @throws Permanent */
  private read(entry: Entry): AnyEvent | undefined {
    const { schemas, entry: service } = this.deps;
    const attempts = service.retry.attempts * PATIENCE;
    if (entry.deliveries > attempts) {
      throw new Permanent(`delivered ${entry.deliveries} times and never finished (at most ${attempts})`);
    }
    const replayed = entry.stream === this.deps.names.inbox(this.deps.service);
    const raw = replayed ? completed(parseObject(entry.payload), entry.id) : parseObject(entry.payload);
    const name = raw['event'];
    if (typeof name !== 'string') throw new Permanent('field "event" is missing');
    if (!this.wanted.has(name)) {
      // On a channel it is meant for others; in the inbox it would be gone without a trace.
      if (replayed) throw new Permanent(`"${name}" is no event of this service`);
      return undefined;
    }
    const missing = service.required_fields.filter((f) => raw[f] === undefined || raw[f] === null);
    if (missing.length > 0) throw new Permanent(`event "${name}" lacks required ${missing.join(', ')}`);
    return check(schemas, name, raw);
  }

  private async handle(entry: Entry, event: AnyEvent, signal: AbortSignal): Promise<Sealed[]> {
    const { outcome, log, run, names } = this.deps;
    const outputs: Sealed[] = [];
    const ctx: Context = {
      signal,
      log,
      attempt: entry.deliveries,
      emit: (name, fields) => void outputs.push(outcome.output(event, outputs.length, name, fields)),
    };
    const channel = entry.stream.slice(names.stream('').length);
    await run({ event, ctx, channel, deliveries: entry.deliveries });
    return outputs;
  }

  private async renewLeases(): Promise<void> {
    const { command, service, consumer, log } = this.deps;
    for (const { entry, abort } of [...this.inHand.values()]) {
      try {
        const ours = await runScript(command, renew, [entry.stream], [service, consumer, entry.id]);
        const key = `${entry.stream}|${entry.id}`;
        if (ours !== 1 && this.inHand.has(key)) {
          log.warn({ entry: entry.id }, 'lease lost: another worker has it');
          abort.abort(new Error('lease lost'));
        }
      } catch {
        // Redis is away: the lease may run out, and finishing will then find that out.
      }
    }
  }
}

/** A replayed letter may be a bare message that was never adopted: it gets what adoption gives. */
function completed(raw: Record<string, unknown>, entryId: string): Record<string, unknown> {
  const id = typeof raw['id'] === 'string' ? raw['id'] : derivedId('replayed', entryId);
  return { correlation_id: id, timestamp: new Date().toISOString(), ...raw, id };
}

function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    error.name === 'MaxRetriesPerRequestError' ||
    /Connection is closed|Stream isn't writeable/.test(error.message)
  );
}
