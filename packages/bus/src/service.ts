import { hostname } from 'node:os';
import type { EventFields, EventName, EventOf, Pipeline, PipelineService } from '@afk/contracts';
import { events as contracts, PipelineError, subscribersOf } from '@afk/contracts';
import type { Redis } from 'ioredis';
import { listenForBare } from './adopt.ts';
import { connect } from './connection.ts';
import { emit } from './emit.ts';
import type { AnyEvent, Schemas } from './envelope.ts';
import { newId } from './ids.ts';
import { chain, type Middleware } from './middleware/chain.ts';
import { logging } from './middleware/log.ts';
import { measuring, noMetrics, type BusMetrics } from './middleware/measure.ts';
import { pipelineNames } from './names.ts';
import { Outcome } from './outcome.ts';
import { Reader } from './reader.ts';
import { serveRequests, type RequestHandler, type RequestServer } from './serve.ts';
import { startTrimming } from './trim.ts';

/** The part of a logger that the bus needs; pino's fits. */
export type Logger = Record<'debug' | 'info' | 'warn' | 'error', (fields: object, message: string) => void>;

/** What a handler is given beside its event. */
export type Context = {
  /** Emits an event of this service, with the acknowledgement and not before. */
  emit<N extends EventName>(event: N, fields: EventFields<N>): void;
  /** Aborted when the service must stop at once, or another took the event over. */
  signal: AbortSignal;
  log: Logger;
  /** 1 at the first delivery. */
  attempt: number;
};

export type Handler<N extends EventName> = (event: EventOf<N>, ctx: Context) => Promise<void> | void;

export type ServiceOptions = {
  pipeline: Pipeline;
  redisUrl: string;
  log: Logger;
  /** The `ENV` prefix; empty for none. */
  env?: string;
  schemas?: Schemas;
  metrics?: BusMetrics;
  middleware?: readonly Middleware[];
  /** How long an entry stays with a worker that shows no sign of life, ms. */
  leaseMs?: number;
  /** How long finished entries stay readable on the streams, ms. */
  retentionMs?: number;
};

export type Service = ReturnType<typeof defineService>;

/**
 * A service of the pipeline: reads what `pipeline.json` subscribes it to, with its concurrency and its
 * retry policy, and emits what it may.
 *
 * Each event has an effect once: what a handler emits is written together with the acknowledgement.
 * The handler itself may run more than once (after a crash, a lost lease, an error), so what it does
 * elsewhere must be idempotent. A return acknowledges, a throw decides by its class: `Permanent` is a
 * dead letter at once, `RetryLater` names its delay, anything else backs off.
 *
 * @throws RangeError where the pipeline has no service of that name
 */
export function defineService(name: string, options: ServiceOptions) {
  const { pipeline, redisUrl, log, env = '', schemas = contracts, metrics = noMetrics } = options;
  const entry = serviceEntry(pipeline, name);
  const names = pipelineNames(env, pipeline);
  const handlers = new Map<string, (event: AnyEvent, ctx: Context) => Promise<void> | void>();
  const servers = new Map<string, RequestHandler>();
  const permitted = new Set(entry.publishes.flatMap((p) => p.events));
  const instance = `${hostname()}-${process.pid}-${newId().slice(-8)}`;
  const closing: (() => Promise<void>)[] = [];
  let command: Redis | undefined;

  async function start(): Promise<void> {
    const problems = checkWiring(name, entry, handlers, servers);
    if (problems.length > 0) throw new PipelineError(problems);
    const onError = (error: Error): void => log.warn({ error: error.message }, 'redis connection');
    const open = async (role: 'command' | 'blocking' | 'subscriber'): Promise<Redis> => {
      const redis = await connect(redisUrl, role, name, onError);
      closing.push(() => close(redis));
      return redis;
    };
    command = await open('command');
    const subscriptions = entry.subscribes.filter((s) => s.channel !== '*');
    const bare = { redis: command, subscriber: await open('subscriber'), names, schemas, log, instance };
    if (subscriptions.length > 0) {
      const outcome = new Outcome({
        redis: command,
        names,
        schemas,
        service: name,
        entry,
        permitted,
        metrics,
        log,
      });
      const run = chain(
        [...(options.middleware ?? []), measuring(metrics), logging(log)],
        async ({ event, ctx }) => {
          await handlers.get(event.event)!(event, ctx);
        },
      );
      const reader = new Reader({
        command,
        blocking: await open('blocking'),
        names,
        service: name,
        entry,
        schemas,
        consumer: instance,
        leaseMs: options.leaseMs ?? 30_000,
        outcome,
        run,
        log,
      });
      await reader.start();
      closing.push(() => reader.close());
      closing.push(startTrimming({ redis: command, names, pipeline, log, retentionMs: options.retentionMs }));
    }
    for (const [request, handler] of servers) {
      const server: RequestServer = await serveRequests({
        request,
        handler,
        command,
        blocking: await open('blocking'),
        names,
        group: name,
        instance,
        log,
      });
      closing.push(() => server.close());
    }
    const stopListening = await listenForBare({
      ...bare,
      service: name,
      // All that anybody takes from the channel: who hears a message first decides for the others.
      events: subscriptions.map(({ channel }) => ({
        channel,
        events: subscribersOf(pipeline, channel).flatMap((l) => l.events),
      })),
      requests: [...servers.keys()],
    });
    closing.push(stopListening);
    log.info({ instance, channels: subscriptions.map((s) => names.channel(s.channel)) }, 'listening');
  }

  return {
    name,
    names,
    /** Registers the handler of an event; once an event. */
    on<N extends EventName>(event: N, handler: Handler<N>): void {
      if (handlers.has(event)) throw new PipelineError([`service "${name}" has two handlers for "${event}"`]);
      handlers.set(event, handler as (event: AnyEvent, ctx: Context) => Promise<void> | void);
    },
    /** Registers the answer to a request. */
    serve(request: string, handler: RequestHandler): void {
      servers.set(request, handler);
    },
    /** Emits an event outside of a handler. @returns its id */
    async emit<N extends EventName>(
      event: N,
      fields: EventFields<N> & { batch_id?: string },
    ): Promise<string> {
      if (!command) throw new Error(`service "${name}" is not started`);
      return emit({ redis: command, names, schemas, emitter: name }, event, fields, { permitted });
    },
    /** Connects, checks the wiring against the pipeline, and begins to read. */
    start,
    /** Stops reading, lets what is in hand finish (or hands it back), closes every connection. */
    async close(): Promise<void> {
      for (const step of closing.splice(0).reverse()) {
        await step().catch((error: Error) => log.warn({ error: error.message }, 'closing'));
      }
    },
    /** Whether Redis answers. */
    async healthy(): Promise<boolean> {
      return command !== undefined && (await command.ping().catch(() => '')) === 'PONG';
    },
  };
}

function serviceEntry(pipeline: Pipeline, name: string): PipelineService {
  const entry = pipeline.services[name];
  if (!entry) throw new PipelineError([`there is no service "${name}" in pipeline.json`]);
  return entry;
}

function checkWiring(
  name: string,
  entry: PipelineService,
  handlers: ReadonlyMap<string, unknown>,
  servers: ReadonlyMap<string, unknown>,
): string[] {
  const declared = new Set(entry.subscribes.filter((s) => s.channel !== '*').flatMap((s) => s.events));
  return [
    ...[...handlers.keys()]
      .filter((e) => !declared.has(e))
      .map((e) => `service "${name}" handles "${e}", but does not subscribe to it`),
    ...[...declared]
      .filter((e) => !handlers.has(e))
      .map((e) => `service "${name}" subscribes to "${e}", but has no handler for it`),
    ...[...servers.keys()]
      .filter((r) => !entry.serves.includes(r))
      .map((r) => `service "${name}" answers "${r}", but does not declare that it serves it`),
    ...entry.serves
      .filter((r) => !servers.has(r))
      .map((r) => `service "${name}" declares that it serves "${r}", but has no answer for it`),
  ];
}

async function close(redis: Redis): Promise<void> {
  redis.disconnect();
  await Promise.resolve();
}
