import type { Redis } from 'ioredis';
import { Batcher } from '../batcher.ts';
import { parseObject } from '../envelope.ts';
import { Unavailable } from '../errors.ts';
import { tokens } from '../redis/lua/live.ts';
import type { Names } from '../redis/names.ts';
import { runScript } from '../redis/run.ts';
import { payloadOf } from '../redis/streams.ts';
import type { Logger } from '../service.ts';
import type { Subscriptions } from './subscriptions.ts';

/** How long a stream can be resumed after its last token, ms. */
const TTL_MS = 600_000;
/** Tokens kept of one stream. */
const KEPT = 20_000;
/** Tokens on their way to Redis at most; beyond it, `write` waits. */
const UNDER_WAY = 1000;

export type Token = { token: string; index: number; type: string };
export type TokensEnd = { done: true; [field: string]: unknown };

/** Writes a token stream: each token is published and kept, so that readers may resume. */
export type TokenWriter = {
  /** Resolves at once, or when there is room: a writer faster than Redis waits. */
  write(token: string, type?: string): Promise<void>;
  /** Ends the stream, and waits until all of it is in Redis. @throws Unavailable after 10 s without it */
  end(fields?: Readonly<Record<string, unknown>>): Promise<void>;
};

export type TokenStreamOptions = {
  /** How long the stream can be resumed after its last token, ms. */
  ttlMs?: number;
  /** Tokens of it that are kept at most. */
  kept?: number;
};

type WriterDeps = { redis: Redis; names: Names; log: Logger };

/**
 * @param session an id that is its own; one stream a session
 * @throws RangeError where it could be mistaken for part of a key
 */
export function openTokenStream(
  { redis, names, log }: WriterDeps,
  session: string,
  { ttlMs = TTL_MS, kept = KEPT }: TokenStreamOptions = {},
): TokenWriter {
  const [key, channel] = [names.tokens(checked(session)), names.channel(`ai:stream:${session}`)];
  const sent: { number: number; json: string }[] = [];
  let number = 0;
  let written = 0;
  let ended = false;
  const waiting: (() => void)[] = [];
  const batcher = new Batcher<(typeof sent)[number]>({
    size: 256,
    depth: 1,
    async flush(batch) {
      const args = batch.flatMap((t) => [t.number, t.json]);
      try {
        await runScript(redis, tokens, [key], [channel, ttlMs, kept, ...args]);
        written = batch.at(-1)!.number;
        for (const go of waiting.splice(0)) go();
        return [];
      } catch (error) {
        log.warn({ session, error: (error as Error).message }, 'tokens not written: again');
        return batch;
      }
    },
  });

  function add(message: object): void {
    if (ended) throw new Error(`the token stream "${session}" has ended`);
    batcher.add({ number: ++number, json: JSON.stringify(message) });
  }

  return {
    async write(token, type = 'text') {
      add({ token, index: number, type });
      while (!ended && number - written > UNDER_WAY)
        await new Promise<void>((resolve) => waiting.push(resolve));
    },
    async end(fields = {}) {
      add({ done: true, ...fields });
      ended = true;
      await batcher.close(10_000);
      for (const go of waiting.splice(0)) go();
      if (written < number)
        throw new Unavailable(`the end of token stream "${session}" could not be written`);
    },
  };
}

type ReaderDeps = { command: Redis; subscriptions: Subscriptions; names: Names };

/** How often a reader looks even where nothing rings, ms: a missed ring costs no more than this. */
const LOOK_MS = 1000;
const PAGE = 256;

/**
 * Reads a token stream, from its beginning or from where a reader was. What is not asked for stays in
 * Redis, so a slow reader holds no more than a page; one that is so slow that tokens are gone before
 * it comes for them is cut, with an error that says which.
 *
 * @param after the id of the last token that the reader had (an SSE client's `Last-Event-ID`); 0: all
 * @param startWithinMs how long to wait for a stream that is not there
 * @yields the tokens in order, and the end, each with its id
 * @throws Unavailable where there is no such stream (any more), or tokens are missing
 */
export async function* readTokenStream(
  { command, subscriptions, names }: ReaderDeps,
  session: string,
  options: { after?: number; startWithinMs?: number; signal?: AbortSignal } = {},
): AsyncGenerator<{ id: number; message: Token | TokensEnd }, void, undefined> {
  const { after = 0, startWithinMs = 10_000, signal } = options;
  const key = names.tokens(checked(session));
  const bell = new Bell(signal);
  const stop = await subscriptions.listen(`ai:stream:${session}`, bell);
  const deadline = Date.now() + startWithinMs;
  try {
    for (let last = after; !signal?.aborted;) {
      bell.reset();
      const page = await command.xrange(key, `(${last}-0`, '+', 'COUNT', PAGE);
      for (const [entryId, fields] of page) {
        const id = Number(entryId.slice(0, entryId.indexOf('-')));
        if (id > last + 1) throw new Unavailable(`tokens ${last + 1} to ${id - 1} of "${session}" are gone`);
        const message = parseObject(payloadOf(fields)) as Token | TokensEnd;
        yield { id, message };
        if ('done' in message) return;
        last = id;
      }
      if (page.length > 0) continue;
      if (await endedAt(command, key, session, last, deadline)) return;
      await bell.rings(LOOK_MS);
    }
  } finally {
    stop();
  }
}

/** Whether nothing follows because the reader has had the end. @throws Unavailable where there is no stream */
async function endedAt(
  command: Redis,
  key: string,
  session: string,
  last: number,
  deadline: number,
): Promise<boolean> {
  const [newest] = await command.xrevrange(key, '+', '-', 'COUNT', 1);
  if (newest) return `${last}-0` === newest[0] && payloadOf(newest[1]).startsWith('{"done":true');
  if (last > 0) throw new Unavailable(`the token stream "${session}" is gone: kept for a while only`);
  if (Date.now() >= deadline) throw new Unavailable(`there is no token stream "${session}"`);
  return false;
}

/** Rung by the publication of each token. */
class Bell {
  private rung = false;
  private wake: () => void = () => {};

  constructor(signal: AbortSignal | undefined) {
    signal?.addEventListener('abort', () => this.onMessage(), { once: true });
  }

  onMessage(): void {
    this.rung = true;
    this.wake();
  }

  onSubscribed(): void {
    this.onMessage();
  }

  reset(): void {
    this.rung = false;
  }

  async rings(ms: number): Promise<void> {
    if (this.rung) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function checked(session: string): string {
  if (/^[\w.-]{1,128}$/.test(session)) return session;
  throw new RangeError(
    `session id ${JSON.stringify(session.slice(0, 40))} may hold letters, digits, "_", "." and "-"`,
  );
}
