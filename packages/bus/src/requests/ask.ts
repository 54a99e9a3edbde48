import { hostname } from 'node:os';
import { requests, type ReplyOf, type RequestInput, type RequestName } from '@afk/contracts';
import type { Redis } from 'ioredis';
import { parseObject } from '../envelope.ts';
import { DeadlineExceeded, Permanent, RequestFailed, Unavailable } from '../errors.ts';
import { newId } from '../ids.ts';
import { ask } from '../redis/lua/requests.ts';
import type { Names } from '../redis/names.ts';
import { runScript } from '../redis/run.ts';

/** How long an asker waits where it does not say, ms. */
export const DEADLINE_MS = 10_000;

/** A request as it lies on its stream. */
export function requestEnvelope(
  fields: Readonly<Record<string, unknown>>,
  correlationId: string,
  deadlineMs: number = DEADLINE_MS,
): string {
  const now = Date.now();
  return JSON.stringify({
    ...fields,
    id: newId(),
    correlation_id: correlationId,
    timestamp: new Date(now).toISOString(),
    deadline: new Date(now + deadlineMs).toISOString(),
  });
}

type Waiting = { resolve(reply: unknown): void; reject(error: Error): void; forget(): void };

/** Asks on request channels and waits for the reply. */
export type Requester = {
  /**
   * @throws Permanent where the request does not fit its schema
   * @throws Unavailable where nobody serves, or the connection is lost
   * @throws DeadlineExceeded
   * @throws RequestFailed with the server's words
   */
  ask<N extends RequestName>(
    request: N,
    input: RequestInput<N>,
    options?: { deadlineMs?: number; signal?: AbortSignal },
  ): Promise<ReplyOf<N>>;
  /** Rejects what is in flight. The connections are their owner's to close. */
  close(): Promise<void>;
};

/**
 * One pattern subscription for all replies of this instance: its id is the front of each correlation
 * id. It stands before the first request is sent.
 */
export async function createRequester(options: {
  command: Redis;
  subscriber: Redis;
  names: Names;
  channels: readonly RequestName[];
}): Promise<Requester> {
  const { command, subscriber, names, channels } = options;
  const instance = `${hostname()}-${process.pid}-${newId().slice(9, 18)}`;
  const waiting = new Map<string, Waiting>();
  let counter = 0;

  subscriber.on('pmessage', (_pattern: string, channel: string, text: string) => {
    const correlationId = channel.slice(channel.indexOf(':response:') + ':response:'.length);
    waiting.get(correlationId)?.resolve(text);
  });
  const patterns = channels.map((c) => names.response(c, `${instance}-*`));
  let hears = false;
  const subscribe = async (): Promise<void> => {
    await subscriber.psubscribe(...patterns);
    hears = true;
  };
  subscriber.on('close', () => {
    hears = false;
    for (const w of waiting.values()) w.reject(new Unavailable('the connection to Redis was lost'));
  });
  // A reply that comes before the patterns stand again would be heard by nobody: until then, no request.
  subscriber.on('ready', () => void subscribe().catch(() => {}));
  await subscribe();

  return {
    async ask(request, input, { deadlineMs = DEADLINE_MS, signal } = {}) {
      const fields = requests[request].request.safeParse(input);
      if (!fields.success) throw new Permanent(`request "${request}": ${fields.error.message}`);
      if (!hears) throw new Unavailable(`cannot ask "${request}": the connection to Redis is lost`);
      const correlationId = `${instance}-${++counter}`;
      const json = requestEnvelope(fields.data, correlationId, deadlineMs);
      const reply = expectReply(waiting, correlationId, request, deadlineMs, signal);
      // Whoever awaits `reply` below may do so only after it was rejected.
      reply.catch(() => {});
      try {
        const keys = [names.serving(request), names.stream(request)];
        const accepted = await runScript(command, ask, keys, [json, names.channel(request)]).catch(
          (cause: Error) => {
            throw new Unavailable(`cannot ask "${request}": ${cause.message}`, { cause });
          },
        );
        if (accepted !== 1) throw new Unavailable(`nobody serves "${request}" now`);
        return readReply(request, (await reply) as string);
      } finally {
        waiting.get(correlationId)?.forget();
        waiting.delete(correlationId);
      }
    },
    async close() {
      for (const w of waiting.values()) w.reject(new Unavailable('closing'));
    },
  };
}

function expectReply(
  waiting: Map<string, Waiting>,
  correlationId: string,
  request: string,
  deadlineMs: number,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => settle(() => reject(new DeadlineExceeded(`"${request}" had no answer within ${deadlineMs} ms`))),
      deadlineMs,
    );
    const onAbort = (): void => settle(() => reject(new Unavailable('the asker gave up')));
    const settle = (how: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      how();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    waiting.set(correlationId, {
      resolve: (value) => settle(() => resolve(value)),
      reject: (error) => settle(() => reject(error)),
      forget: () => settle(() => {}),
    });
  });
}

function readReply<N extends RequestName>(request: N, text: string): ReplyOf<N> {
  const { error, result } = parseObject(text);
  if (typeof error === 'string') throw new RequestFailed(error);
  return requests[request].reply.parse(result) as ReplyOf<N>;
}
