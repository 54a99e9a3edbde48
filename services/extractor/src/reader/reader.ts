import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { FeedEntry } from '@afk/database';
import pLimit from 'p-limit';
import type { FeedContext, ReadFeed } from '../domain/read-feed.ts';
import type { Answer, Request } from './worker.ts';

/**
 * Reads documents in threads of their own: what a stranger wrote may take the parser minutes, and
 * nothing but the end of its thread stops it.
 */
export type Reader = {
  /** @throws Error where the text is no feed, or not read in time; the signal's reason, once aborted */
  feed(text: string, context: FeedContext, signal?: AbortSignal): Promise<ReadFeed>;
  /** @throws Error naming the list, where it is none (its name is `NotOpml`), or not read in time */
  opml(text: string, location: string): Promise<FeedEntry[]>;
  /** Ends what is being read. */
  close(): Promise<void>;
};

/** How long a thread waits for its next document, ms: a cold one costs a second of each run, a warm one its memory between them. */
const IDLE_MS = 30_000;
/** Largest heap of a thread, MB: several times what a feed of the largest size takes. */
const HEAP_MB = 768;

/** @param timeoutMs longest that one document may take, from when a thread has it */
export function createReader({ timeoutMs }: { timeoutMs: number }): Reader {
  // Two at least: a document that takes all its time does not keep the others waiting.
  const limit = pLimit(Math.min(4, Math.max(2, availableParallelism())));
  const open = new Set<Worker>();
  const idle: { worker: Worker; timer: NodeJS.Timeout }[] = [];
  const closing = new AbortController();

  return {
    feed: (text, context, signal) => read<ReadFeed>({ kind: 'feed', text, context }, 'it', signal),
    opml: (text, location) =>
      read<FeedEntry[]>({ kind: 'opml', text, location }, `feed list ${location}: it`),
    async close() {
      closing.abort(new Error('the reader is closed'));
      await Promise.all([...open].map((worker) => worker.terminate()));
    },
  };

  async function read<T>(request: Request, subject: string, stop?: AbortSignal): Promise<T> {
    const signal = stop ? AbortSignal.any([stop, closing.signal]) : closing.signal;
    const answer = await limit(async () => {
      signal.throwIfAborted();
      const worker = wake() ?? (await start(signal));
      try {
        const found = await ask(worker, request, subject, signal);
        rest(worker);
        return found;
      } catch (error) {
        await worker.terminate();
        throw error;
      }
    });
    if ('value' in answer) return answer.value as T;
    throw Object.assign(new Error(answer.error.message), answer.error);
  }

  async function start(signal: AbortSignal): Promise<Worker> {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    open.add(worker);
    worker.once('exit', () => open.delete(worker));
    // Whoever waits for it is told; without a listener an error would end the process.
    worker.on('error', () => {});
    try {
      await nextMessage(worker, signal);
      return worker;
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }

  function wake(): Worker | undefined {
    for (let found = idle.pop(); found; found = idle.pop()) {
      clearTimeout(found.timer);
      if (!open.has(found.worker)) continue;
      found.worker.ref();
      return found.worker;
    }
    return undefined;
  }

  function rest(worker: Worker): void {
    worker.unref();
    const end = (): void => {
      idle.splice(
        idle.findIndex((i) => i.worker === worker),
        1,
      );
      void worker.terminate();
    };
    idle.push({ worker, timer: setTimeout(end, IDLE_MS).unref() });
  }

  async function ask(
    worker: Worker,
    request: Request,
    subject: string,
    signal: AbortSignal,
  ): Promise<Answer> {
    const late = new AbortController();
    const reason = new Error(`${subject} cannot be read within ${timeoutMs / 1000} s`);
    const timer = setTimeout(() => late.abort(reason), timeoutMs);
    try {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
      worker.postMessage(request);
      return await nextMessage<Answer>(worker, AbortSignal.any([signal, late.signal]));
    } catch (error) {
      if ((error as { code?: string }).code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error;
      throw new Error(`${subject} cannot be read within ${HEAP_MB} MB of memory`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }
}

/** @throws the signal's reason, or what ended the worker */
function nextMessage<T>(worker: Worker, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const stopped = (): void => reject(signal.reason);
  const gone = (code: number): void => reject(new Error(`its reader ended with code ${code}`));
  worker.once('message', resolve).once('error', reject).once('exit', gone);
  signal.addEventListener('abort', stopped, { once: true });
  if (signal.aborted) stopped();
  return promise.finally(() => {
    worker.off('message', resolve).off('error', reject).off('exit', gone);
    signal.removeEventListener('abort', stopped);
  });
}
