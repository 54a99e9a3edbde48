import type { PipelineService } from '@afk/contracts';
import { backoff } from './backoff.ts';
import { Batcher } from './batcher.ts';
import { parseObject, seal, type AnyEvent, type Schemas, type Sealed } from './envelope.ts';
import { attemptsFor, Permanent, RetryLater } from './errors.ts';
import { outputId } from './ids.ts';
import type { BusMetrics } from './middleware/metrics.ts';
import type { Logger } from './service.ts';
import type { Entry, Letter, Member } from './transport.ts';

/** What becomes of an entry. */
export type Outcome =
  | { kind: 'finished'; entry: Entry; outputs: readonly Sealed[] }
  | { kind: 'postponed'; entry: Entry; delayMs: number }
  | { kind: 'buried'; entry: Entry; letter: Letter; outputs: readonly Sealed[] };

/** Outcomes told in one step: what 128 finished events cost is little more than what one costs. */
const SIZE = 128;
/** A second batch on its way keeps Redis at work while the reply to the first is read. */
const DEPTH = 2;

/**
 * Tells the transport what became of entries, in batches and in order, and does not give up: while it
 * is away, what was done stays in memory (no more than the reader's window) and is told afterwards.
 * Nothing is told twice in effect, as the transport knows what is finished.
 */
export class Settler {
  private readonly member: Member;
  private readonly log: Logger;
  private readonly onSettled: (outcomes: readonly Outcome[]) => void;
  private readonly batcher: Batcher<Outcome>;
  private readonly failedOnce = new WeakSet<Outcome>();

  constructor(member: Member, log: Logger, onSettled: (outcomes: readonly Outcome[]) => void) {
    this.member = member;
    this.log = log;
    this.onSettled = onSettled;
    this.batcher = new Batcher({ flush: (batch) => this.tell(batch), size: SIZE, depth: DEPTH });
  }

  add(outcome: Outcome): void {
    this.batcher.add(outcome);
  }

  /** Waits until everything is told, for at most `ms`; then leaves it to whoever claims it. */
  close(ms: number): Promise<void> {
    return this.batcher.close(ms);
  }

  /** @returns what nobody knows the outcome of */
  private async tell(batch: readonly Outcome[]): Promise<Outcome[]> {
    const finished = batch.filter((o) => o.kind === 'finished');
    const others = batch.filter((o) => o.kind !== 'finished');
    try {
      if (finished.length > 0) {
        const elsewhere = await this.member.finish(finished);
        if (elsewhere.length > 0) this.tellElsewhere(finished, new Set(elsewhere));
        this.onSettled(finished.splice(0));
      }
      while (others.length > 0) {
        await this.tellOne(others[0]!);
        this.onSettled(others.splice(0, 1));
      }
      return [];
    } catch (error) {
      const left = [...finished, ...others];
      for (const outcome of left) this.failedOnce.add(outcome);
      this.log.warn({ error: (error as Error).message, waiting: left.length }, 'settling failed: again');
      return left;
    }
  }

  private async tellOne(outcome: Outcome): Promise<void> {
    if (outcome.kind === 'postponed') await this.member.postpone(outcome.entry, outcome.delayMs);
    if (outcome.kind === 'buried') await this.member.bury(outcome.entry, outcome.letter, outcome.outputs);
  }

  private tellElsewhere(finished: readonly Outcome[], elsewhere: ReadonlySet<Entry>): void {
    for (const outcome of finished) {
      // Told before, by a call whose reply was lost, is no news.
      if (this.failedOnce.has(outcome) || !elsewhere.has(outcome.entry)) continue;
      this.log.warn({ entry: outcome.entry.id }, 'finished elsewhere: effects left out');
    }
  }
}

type Deps = {
  schemas: Schemas;
  service: string;
  /** The name in the consumer group; every output says it. */
  consumer: string;
  entry: PipelineService;
  permitted: ReadonlySet<string>;
  metrics: BusMetrics;
  log: Logger;
};

/** Judges: what the outputs of a handler are, and what a failure means. */
export class Judge {
  private readonly deps: Deps;
  constructor(deps: Deps) {
    this.deps = deps;
  }

  /**
   * An output of the handler. Its id follows from the input, so that the same work done twice emits
   * the same event, whatever listens to it.
   *
   * @throws Permanent where it is not declared, or does not fit its schema
   */
  output(
    input: AnyEvent,
    ordinal: number,
    event: string,
    fields: Readonly<Record<string, unknown>>,
    outgoing: Readonly<Record<string, unknown>>,
  ): Sealed {
    const { service, consumer, permitted, schemas } = this.deps;
    if (!permitted.has(event)) {
      throw new Permanent(`"${service}" may not emit "${event}": pipeline.json does not declare it`);
    }
    return seal(schemas, event, fields, {
      id: outputId(input.id, service, ordinal, event),
      outgoing,
      consumer,
    });
  }

  /** Decides by the error's class, and by how often the entry was tried. */
  failed(entry: Entry, error: unknown, event: AnyEvent | undefined): Outcome {
    const { entry: service, metrics, log } = this.deps;
    const reason = reasonOf(error);
    const name = event?.event ?? 'unreadable';
    if (error instanceof Permanent || entry.deliveries >= attemptsFor(error, service.retry.attempts)) {
      metrics.dead(name);
      log.error({ event: name, entry: entry.id, attempts: entry.deliveries, reason }, 'dead letter');
      return {
        kind: 'buried',
        entry,
        letter: this.letter(entry, reason, error, event),
        outputs: this.failureEvent(entry, reason, event),
      };
    }
    const delayMs = error instanceof RetryLater ? error.ms : backoff(service.retry, entry.deliveries);
    metrics.retried(name);
    log.warn(
      { event: name, entry: entry.id, attempt: entry.deliveries, delay: delayMs, reason },
      'will try again',
    );
    return { kind: 'postponed', entry, delayMs };
  }

  private letter(entry: Entry, reason: string, error: unknown, event: AnyEvent | undefined): Letter {
    return {
      payload: entry.payload,
      channel: entry.channel,
      event: event?.event ?? '',
      reason,
      handler: event ? `${this.deps.service}/${event.event}` : '',
      attempts: entry.deliveries,
      stack: error instanceof Error ? (error.stack ?? '') : '',
    };
  }

  /** `<service>_failed`, where the pipeline lets this service say so. */
  private failureEvent(entry: Entry, reason: string, event: AnyEvent | undefined): Sealed[] {
    const { service, consumer, permitted, schemas, log } = this.deps;
    const name = `${service}_failed`;
    if (!permitted.has(name)) return [];
    const { id: inputId = entry.id, ...about } = event ?? readable(entry.payload);
    const outgoing = Object.fromEntries(
      ['correlation_id', 'batch_id', 'traceparent'].flatMap((f) => (about[f] ? [[f, about[f]]] : [])),
    );
    try {
      const failure = {
        status: 'error',
        service,
        failed_event: event?.event ?? 'unreadable',
        failed_id: inputId,
        reason: reason.slice(0, 2000),
        attempts: entry.deliveries,
      };
      const id = outputId(`${inputId}/${entry.id}`, service, 0, name);
      return [seal(schemas, name, failure, { id, outgoing, consumer })];
    } catch (error) {
      log.error({ reason: (error as Error).message }, 'failure event does not fit its schema');
      return [];
    }
  }
}

/** What a handler threw, in words; it may be anything. */
function reasonOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  try {
    return String(error);
  } catch {
    return 'something without words was thrown';
  }
}

/** The ids of an event that did not fit its schema, as far as they can be read. */
function readable(payload: string): { id?: string; [field: string]: unknown } {
  try {
    const raw = parseObject(payload);
    return Object.fromEntries(Object.entries(raw).filter(([, v]) => typeof v === 'string'));
  } catch {
    return {};
  }
}
