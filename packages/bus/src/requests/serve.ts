import { setTimeout as sleep } from 'node:timers/promises';
import { requests, type RequestName } from '@afk/contracts';
import type { Redis } from 'ioredis';
import { parseObject } from '../envelope.ts';
import { DeadlineExceeded, Permanent } from '../errors.ts';
import { BLOCK_MS } from '../redis/connection.ts';
import { reply, serving } from '../redis/lua/requests.ts';
import { forget } from '../redis/lua/take.ts';
import type { Names } from '../redis/names.ts';
import { runScript } from '../redis/run.ts';
import { ensureGroup, readNew, type Raw } from '../redis/streams.ts';
import type { Logger } from '../service.ts';

/** Answers a request. `input` has passed the request's schema; the answer must pass the reply's. */
export type RequestHandler = (input: never, ctx: { signal: AbortSignal; log: Logger }) => Promise<unknown>;

export type RequestServer = { close(): Promise<void> };

type Options = {
  request: string;
  handler: RequestHandler;
  command: Redis;
  subscriber: Redis;
  blocking: Redis;
  names: Names;
  group: string;
  instance: string;
  log: Logger;
};

/** How long an instance counts as serving after its last sign of life, ms. */
const SERVING_MS = 5000;
/** A request that a replica took and did not answer for so long has no asker any more, ms. */
const ABANDONED_MS = 60_000;
/** Time that requests in hand have when the service stops, ms. */
const DRAIN_MS = 6000;
/** Requests answered at the same time in one process. */
const CONCURRENCY = 64;

/**
 * Serves a request channel: one replica takes each request. A request is answered at most once, and
 * not at all once its deadline has passed: its asker has gone.
 */
export async function serveRequests(options: Options): Promise<RequestServer> {
  const { request, command, subscriber, blocking, names, group, instance, log } = options;
  const stream = names.stream(request);
  const inHand = new Set<Promise<void>>();
  let stopping = false;
  const present = (): Promise<unknown> =>
    runScript(command, serving, [names.serving(request)], [instance, SERVING_MS]);

  await ensureGroup(command, stream, group);
  // The subscription ends with the connection: that a process was killed is known at once.
  await subscriber.ssubscribe(names.serving(request));
  await present();
  const beat = setInterval(() => void present().catch(() => {}), SERVING_MS / 3);
  const clearing = setInterval(() => void dropAbandoned(options).catch(() => {}), ABANDONED_MS / 2);

  async function readOnce(): Promise<void> {
    if (inHand.size >= CONCURRENCY) await Promise.race(inHand);
    const room = CONCURRENCY - inHand.size;
    const entries = await readNew(blocking, { streams: [stream], group, consumer: instance }, room, BLOCK_MS);
    for (const entry of entries) {
      const work: Promise<void> = answer(options, entry)
        .catch((error: Error) => log.warn({ request, error: error.message }, 'request not answered'))
        .finally(() => inHand.delete(work));
      inHand.add(work);
    }
  }

  async function loop(): Promise<void> {
    while (!stopping) {
      try {
        await readOnce();
      } catch (error) {
        if (stopping) return;
        const { message } = error as Error;
        log.warn({ request, error: message }, 'reading requests failed');
        if (message.includes('NOGROUP')) await ensureGroup(command, stream, group).catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }
  const running = loop();

  return {
    async close() {
      stopping = true;
      clearInterval(beat);
      clearInterval(clearing);
      await runScript(command, serving, [names.serving(request)], [instance, 0]).catch(() => {});
      blocking.disconnect();
      await running;
      await Promise.race([Promise.allSettled(inHand), sleep(DRAIN_MS, undefined, { ref: false })]);
      await runScript(command, forget, [stream], [group, instance, ABANDONED_MS]).catch(() => {});
    },
  };
}

async function answer({ request, handler, command, names, group, log }: Options, entry: Raw): Promise<void> {
  const raw = parseObject(entry.payload);
  const correlationId = String(raw['correlation_id']);
  const deadline = Date.parse(String(raw['deadline']));
  const done = (): Promise<unknown> => command.xack(entry.stream, group, entry.id);
  if (deadline <= Date.now()) {
    log.debug({ request, correlationId }, 'request past its deadline: left out');
    await done();
    return;
  }
  // A timer that is cleared: AbortSignal.timeout would go off for each request that was answered long ago.
  const waiting = new AbortController();
  const late = (): void => waiting.abort(new DeadlineExceeded(`"${request}" took too long`));
  const timer = setTimeout(late, Math.max(1, Math.min(deadline - Date.now(), 2 ** 31 - 1)));
  const answer = await replyTo(request, handler, raw, { signal: waiting.signal, log });
  clearTimeout(timer);
  if (!answer) {
    log.warn({ request, correlationId }, 'request took longer than its asker waits: no reply');
    await done();
    return;
  }
  const json = JSON.stringify({ ...answer, correlation_id: correlationId });
  const channel = names.response(request, correlationId);
  for (;;) {
    try {
      await runScript(command, reply, [entry.stream], [group, entry.id, channel, json]);
      return;
    } catch (error) {
      // A second reply is ignored by whoever has the first.
      if (Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

/** What replicas that died had in hand, and their names in the group: nobody waits for it any more. */
async function dropAbandoned({ request, command, names, group, instance }: Options): Promise<void> {
  const stream = names.stream(request);
  const [, entries] = (await command.xautoclaim(
    stream,
    group,
    instance,
    ABANDONED_MS,
    '0',
    'COUNT',
    1000,
    'JUSTID',
  )) as [string, string[]];
  if (entries.length > 0) await command.xack(stream, group, ...entries);
  await runScript(command, forget, [stream], [group, '', ABANDONED_MS]);
}

async function replyTo(
  request: string,
  handler: RequestHandler,
  raw: Record<string, unknown>,
  ctx: { signal: AbortSignal; log: Logger },
): Promise<{ result: unknown } | { error: string } | undefined> {
  const schema = requests[request as RequestName];
  const input = schema.request.safeParse(raw);
  if (!input.success) {
    const wrong = input.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ');
    return { error: `the request does not fit its schema: ${wrong}` };
  }
  try {
    // Past the deadline nobody waits any more, and its place is another's.
    const late = new Promise<never>((_, reject) => {
      ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason as Error));
    });
    return { result: schema.reply.parse(await Promise.race([handler(input.data as never, ctx), late])) };
  } catch (error) {
    if (error instanceof DeadlineExceeded && ctx.signal.aborted) return undefined;
    const { message } = error as Error;
    ctx.log[error instanceof Permanent ? 'info' : 'error']({ request, error: message }, 'request failed');
    return { error: message };
  }
}
