import { version } from '@afk/runtime';
import { webhookAddresses } from '@afk/saved-searches';
import { Agent, request, type Dispatcher } from 'undici';
import { outcomeOf, type Outcome } from './outcome.ts';

export type Sender = {
  /**
   * Sends a body, once.
   * @throws the signal's reason where that ended it; else whatever happens is an outcome
   */
  post(
    url: string,
    message: { headers: Record<string, string>; body: string; signal: AbortSignal },
  ): Promise<Outcome>;
  close(): Promise<void>;
};

/** An answer, with its beginning, must be here by then, ms. */
const TIMEOUT_MS = 10_000;
/** How much of an answer is read, bytes, and for how long once its status is known, ms. */
const MAX_ANSWER = 4096;
const ANSWER_MS = 1000;
/** How much of it a person sees, characters. */
const MAX_WORDS = 200;

/** @param allowPrivate webhooks may lie on private and loopback addresses */
export function createSender({
  allowPrivate,
  timeoutMs = TIMEOUT_MS,
}: {
  allowPrivate: boolean;
  timeoutMs?: number;
}): Sender {
  const { lookup, assertPublic } = webhookAddresses;
  const dispatcher = new Agent({
    connect: { timeout: timeoutMs, ...(allowPrivate ? {} : { lookup }) },
    keepAliveTimeout: 4000,
  });
  return {
    async post(url, { headers, body, signal: stop }) {
      const late = AbortSignal.timeout(timeoutMs);
      const signal = AbortSignal.any([late, stop]);
      try {
        // undici looks up names only: an address in the URL itself is checked here.
        if (!allowPrivate) assertPublic(new URL(url).hostname);
        const all = {
          ...headers,
          'content-type': 'application/json',
          'user-agent': `AFK/${version} (news radar)`,
        };
        // request() follows no redirect.
        const answer = await request(url, { dispatcher, method: 'POST', headers: all, body, signal });
        return await read(answer);
      } catch (error) {
        if (stop.aborted) throw stop.reason;
        return unanswered(error as Error, late.aborted ? timeoutMs : undefined);
      }
    },
    close: () => dispatcher.destroy(),
  };
}

async function read({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<Outcome> {
  const text = await beginningOf(body);
  const words = text
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_WORDS);
  const header = headers['retry-after'];
  const retryAfter = Array.isArray(header) ? header[0] : header;
  return outcomeOf({ status: statusCode, words, retryAfter }, new Date());
}

/** Whatever happens to the body, the status stands. */
async function beginningOf(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const late = setTimeout(() => body.destroy(), ANSWER_MS);
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      size += chunk.length;
      // Leaving the loop destroys the body: the rest is not downloaded.
      if (size >= MAX_ANSWER) break;
    }
  } catch {
    // Cut off amid it.
  } finally {
    clearTimeout(late);
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER).toString('utf8');
}

function unanswered(error: Error, timedOutMs: number | undefined): Outcome {
  if (timedOutMs !== undefined) {
    return { kind: 'again', reason: `no answer within ${timedOutMs / 1000} s`, unreachable: true };
  }
  if (error.name === 'ForbiddenAddress') return { kind: 'refused', reason: error.message };
  // A host with several addresses fails with an error for each, and no message of its own.
  const { errors } = error as { errors?: Error[] };
  const reason = error.message || errors?.map((e) => e.message).join('; ') || error.name;
  return { kind: 'again', reason: reason.slice(0, MAX_WORDS), unreachable: true };
}
