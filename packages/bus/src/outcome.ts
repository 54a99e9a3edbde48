import type { PipelineService } from '@afk/contracts';
import type { Redis } from 'ioredis';
import { backoff } from './backoff.ts';
import { parseObject, seal, type AnyEvent, type Schemas, type Sealed } from './envelope.ts';
import { attemptsFor, Permanent, RetryLater } from './errors.ts';
import { derivedId } from './ids.ts';
import { bury, finish, postpone } from './lua/scripts.ts';
import { runScript } from './lua/run.ts';
import type { BusMetrics } from './middleware/measure.ts';
import type { Names } from './names.ts';
import { outputArgs, SEEN_TTL_S } from './outputs.ts';
import type { Logger } from './service.ts';
import type { Entry } from './streams.ts';

type Deps = {
  redis: Redis;
  names: Names;
  schemas: Schemas;
  service: string;
  entry: PipelineService;
  permitted: ReadonlySet<string>;
  metrics: BusMetrics;
  log: Logger;
};

/** What becomes of an entry once its handler is done with it: finished, postponed or buried. */
export class Outcome {
  private readonly deps: Deps;
  constructor(deps: Deps) {
    this.deps = deps;
  }

  /**
   * An output of the handler. Its id follows from the input, so that the same work done twice emits
   * the same event, which the bus then leaves out.
   */
  output(input: AnyEvent, ordinal: number, event: string, fields: Readonly<Record<string, unknown>>): Sealed {
    const { service, permitted, schemas } = this.deps;
    if (!permitted.has(event)) {
      throw new Permanent(`"${service}" may not emit "${event}": pipeline.json does not declare it`);
    }
    return seal(schemas, event, fields, { id: derivedId(service, input.id, ordinal, event), parent: input });
  }

  /** Acknowledges, and emits, in one step. @returns false where another had finished it before */
  async finished(entry: Entry, outputs: readonly Sealed[]): Promise<boolean> {
    const { redis, names, service } = this.deps;
    const { keys, args } = outputArgs(names, service, outputs);
    const done = await runScript(
      redis,
      finish,
      [entry.stream, names.retry(service), ...keys],
      [service, entry.id, SEEN_TTL_S, ...args],
    );
    return done === 1;
  }

  /** Decides by the error's class, and by how often the entry was tried. */
  async failed(entry: Entry, consumer: string, error: unknown, event: AnyEvent | undefined): Promise<void> {
    const { entry: service, metrics, log } = this.deps;
    const reason = error instanceof Error ? error.message : String(error);
    const name = event?.event ?? 'unreadable';
    if (error instanceof Permanent || entry.deliveries >= attemptsFor(error, service.retry.attempts)) {
      await this.bury(entry, reason, error, event);
      metrics.dead(name);
      log.error({ event: name, entry: entry.id, attempts: entry.deliveries, reason }, 'dead letter');
      return;
    }
    const delay = error instanceof RetryLater ? error.ms : backoff(service.retry, entry.deliveries);
    await this.postpone(entry, consumer, delay);
    metrics.retried(name);
    log.warn({ event: name, entry: entry.id, attempt: entry.deliveries, delay, reason }, 'will try again');
  }

  /** Not before `delay` ms from now; 0 hands it back to whoever is free. */
  async postpone(entry: Entry, consumer: string, delay: number): Promise<void> {
    const { redis, names, service } = this.deps;
    await runScript(
      redis,
      postpone,
      [entry.stream, names.retry(service)],
      [service, entry.id, consumer, delay],
    );
  }

  private async bury(
    entry: Entry,
    reason: string,
    error: unknown,
    event: AnyEvent | undefined,
  ): Promise<void> {
    const { redis, names, service } = this.deps;
    const outputs = this.failureEvent(entry, reason, event);
    const { keys, args } = outputArgs(names, service, outputs);
    const fields = deadFields({
      payload: entry.payload,
      channel: entry.stream,
      event: event?.event ?? '',
      reason,
      handler: event ? `${service}/${event.event}` : '',
      attempts: entry.deliveries,
      stack: error instanceof Error ? (error.stack ?? '') : '',
    });
    await runScript(
      redis,
      bury,
      [entry.stream, names.retry(service), names.dead(service), ...keys],
      [service, entry.id, SEEN_TTL_S, fields.length / 2, ...fields, ...args],
    );
  }

  /** `<service>_failed`, where the pipeline lets this service say so. */
  private failureEvent(entry: Entry, reason: string, event: AnyEvent | undefined): Sealed[] {
    const { service, permitted, schemas, log } = this.deps;
    const name = `${service}_failed`;
    if (!permitted.has(name)) return [];
    const parent = event ?? readable(entry.payload);
    try {
      const failure = {
        status: 'error',
        service,
        failed_event: event?.event ?? 'unreadable',
        failed_id: parent?.id ?? entry.id,
        reason: reason.slice(0, 2000),
        attempts: entry.deliveries,
      };
      const id = derivedId(service, parent?.id ?? entry.id, name, entry.id);
      return [seal(schemas, name, failure, { id, parent })];
    } catch (error) {
      log.error({ reason: (error as Error).message }, 'failure event does not fit its schema');
      return [];
    }
  }
}

/** The fields of a dead letter, flat. */
export function deadFields(letter: {
  payload: string;
  channel: string;
  event: string;
  reason: string;
  handler: string;
  attempts: number;
  stack: string;
}): (string | number)[] {
  return [...Object.entries(letter).flat(), 'at', new Date().toISOString()];
}

/** The ids of an event that did not fit its schema, as far as they can be read. */
function readable(payload: string): Partial<AnyEvent> | undefined {
  try {
    const { id, correlation_id: correlationId, batch_id: batchId } = parseObject(payload);
    const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
    const found = { id: text(id), correlation_id: text(correlationId), batch_id: text(batchId) };
    return Object.fromEntries(Object.entries(found).filter(([, v]) => v !== undefined));
  } catch {
    return undefined;
  }
}
