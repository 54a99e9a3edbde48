import { hostname } from 'node:os';
import type { EventFields, EventName, EventOf, Pipeline, PipelineService } from '@afk/contracts';
import { events as contracts, PipelineError, subscribersOf } from '@afk/contracts';
import { emit } from './emit.ts';
import type { AnyEvent, Schemas } from './envelope.ts';
import { newId } from './ids.ts';
import { listenBroadcast, sendBroadcast, type BroadcastListener, type Message } from './live/broadcast.ts';
import { openTokenStream, type TokenStreamOptions, type TokenWriter } from './live/tokens.ts';
import { chain, type Middleware } from './middleware/chain.ts';
import { correlate } from './middleware/correlate.ts';
import { logging } from './middleware/log.ts';
import { measuring, noMetrics, type BusMetrics } from './middleware/metrics.ts';
import { tracing } from './middleware/trace.ts';
import { validate } from './middleware/validate.ts';
import { Reader } from './reader.ts';
import { pipelineNames } from './redis/names.ts';
import { RedisTransport } from './redis/transport.ts';
import { serveRequests, type RequestHandler } from './requests/serve.ts';
import { Judge } from './settle.ts';
import type { Transport } from './transport.ts';

/** The part of a logger that the bus needs; pino's fits. */
export type Logger = Record<
  'debug' | 'info' | 'warn' | 'error',
  (fields: object, message: string) => void
> & {
  /** Whether a line of this level is written; saves making those that are not. */
  isLevelEnabled?(level: string): boolean;
};

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
  /** Around every handler, inside the bus's own: the event is checked, its correlation known. */
  middleware?: readonly Middleware[];
  /** How long an entry stays with a worker that shows no sign of life, ms. */
  leaseMs?: number;
  /** How long finished entries stay readable on the streams, ms. */
  retentionMs?: number;
  /** How many finished entries stay readable on a stream at most. */
  keep?: number;
  /** Entries on a stream above which the log has an error. */
  alarmAbove?: number;
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
  const { pipeline, log, env = '', schemas = contracts, metrics = noMetrics, leaseMs = 30_000 } = options;
  const entry = serviceEntry(pipeline, name);
  const names = pipelineNames(env, pipeline);
  const handlers = new Map<string, (event: AnyEvent, ctx: Context) => Promise<void> | void>();
  const servers = new Map<string, RequestHandler>();
  const permitted = new Set(entry.publishes.flatMap((p) => p.events));
  const instance = `${hostname()}-${process.pid}-${newId().slice(9, 18)}`;
  const channels = [...new Set(entry.subscribes.map((s) => s.channel).filter((c) => c !== '*'))];
  const closing: (() => Promise<void>)[] = [];
  let transport: RedisTransport | undefined;

  function started(): RedisTransport {
    if (!transport) throw new Error(`service "${name}" is not started`);
    return transport;
  }

  async function start(): Promise<void> {
    const problems = checkWiring(name, entry, handlers, servers);
    if (problems.length > 0) throw new PipelineError(problems);
    transport = await RedisTransport.open({ ...options, names, label: name });
    closing.push(transport.close.bind(transport));
    if (channels.length > 0) await read(transport);
    for (const [request, handler] of servers) await serve(transport, request, handler);
    closing.push(await transport.adoptBare({ service: name, instance, schemas, log, ...bareMessages() }));
    log.info({ instance, channels: channels.map((c) => names.channel(c)) }, 'listening');
  }

  async function read(from: Transport): Promise<void> {
    const member = await from.join({ service: name, consumer: instance, channels, leaseMs });
    const judge = new Judge({ schemas, service: name, consumer: instance, entry, permitted, metrics, log });
    const around = [
      measuring(metrics),
      logging(log),
      validate(schemas, entry.required_fields),
      correlate(),
      tracing(name),
      ...(options.middleware ?? []),
    ];
    const run = chain(around, async ({ event, ctx }) => handlers.get(event.event)!(event, ctx));
    const reader = new Reader({ member, service: name, entry, leaseMs, judge, run, log });
    reader.start();
    closing.push(() => reader.close());
    metrics.backlog?.(() => member.backlog());
  }

  async function serve(from: RedisTransport, request: string, handler: RequestHandler): Promise<void> {
    const { command, subscriber } = from;
    const blocking = await from.openBlocking();
    const where = { command, subscriber, blocking, names, group: name, instance };
    const server = await serveRequests({ request, handler, log, ...where });
    closing.push(() => server.close());
  }

  /** All that anybody takes from these channels: who hears a message first decides for the others. */
  function bareMessages() {
    const listeners = channels.map((c) => [c, subscribersOf(pipeline, c)] as const);
    return {
      events: new Map(listeners.map(([c, all]) => [c, all.flatMap((l) => l.events)])),
      owners: new Map(listeners.map(([c, [first]]) => [c, first!.service])),
      requests: [...servers.keys()],
    };
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
      const from = { transport: started(), schemas, emitter: name, consumer: instance };
      return emit(from, event, fields, { permitted });
    },
    /** Tells all who listen to a broadcast channel now, and those who come back. @returns its revision */
    async broadcast(channel: string, message: Message): Promise<number> {
      return sendBroadcast({ redis: started().command, names }, channel, message);
    },
    /** Listens to a broadcast channel until the service closes. @returns what ends it before */
    async listen(channel: string, listener: BroadcastListener): Promise<() => void> {
      const { command, subscriptions } = started();
      const stop = await listenBroadcast({ command, subscriptions, names, log }, channel, listener);
      closing.push(async () => stop());
      return stop;
    },
    /** Opens a token stream, `ai:stream:<session>`. */
    tokens(session: string, options?: TokenStreamOptions): TokenWriter {
      return openTokenStream({ redis: started().command, names, log }, session, options);
    },
    /** Connects, checks the wiring against the pipeline, and begins to read. */
    start,
    /** Stops reading, lets what is in hand finish (or hands it back), closes every connection. */
    async close(): Promise<void> {
      transport?.hurry();
      for (const step of closing.splice(0).reverse()) {
        await step().catch((error: Error) => log.warn({ error: error.message }, 'closing'));
      }
    },
    /** Whether Redis answers. */
    async healthy(): Promise<boolean> {
      return transport !== undefined && (await transport.healthy());
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
