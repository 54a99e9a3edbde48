import { setTimeout as sleep } from 'node:timers/promises';
import { backoff } from '@afk/bus';
import { ProviderError } from './provider.ts';

/** How to talk to a server. */
export type Line = {
  /** The whole of one attempt, ms. */
  timeoutMs: number;
  /** Attempts in all, default 3. */
  attempts?: number;
  /** Wait after the first failure, ms; twice as long after each further one. Default 500. */
  backoffMs?: number;
  /** Sent as a bearer token, and never told. */
  key?: string | undefined;
};

/** An answer is some 100 bytes a headline: a server that sends more than this has lost its way. */
const MOST_BYTES = 8 * 1024 * 1024;
/** A server that wants to be left alone for longer is away. */
const MOST_PATIENCE_MS = 20_000;

/**
 * Asks a server for JSON: POST where there is a body, else GET. Tries again, with back-off, what may pass:
 * connections that fail, 408, 429 and 5xx. Not a time-out, which was patience already.
 *
 * @throws ProviderError naming the address and what went wrong; the signal's reason when aborted
 */
export async function callJson(
  line: Line,
  url: string,
  body: object | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  const { attempts = 3, backoffMs = 500 } = line;
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(line, url, body, signal);
    } catch (error) {
      if (!(error instanceof ProviderError) || !error.passing || attempt >= attempts) throw error;
      const policy = { attempts, backoff_ms: backoffMs, max_backoff_ms: MOST_PATIENCE_MS };
      const wait = Math.max(backoff(policy, attempt), error.afterMs ?? 0);
      if (wait > MOST_PATIENCE_MS) throw error;
      await sleep(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

async function once(
  line: Line,
  url: string,
  body: object | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  signal.throwIfAborted();
  const late = AbortSignal.timeout(line.timeoutMs);
  try {
    const response = await fetch(url, {
      method: body ? 'POST' : 'GET',
      headers: { accept: 'application/json', 'content-type': 'application/json', ...bearer(line.key) },
      ...(body && { body: JSON.stringify(body) }),
      // The key is for this address.
      redirect: 'manual',
      signal: AbortSignal.any([signal, late]),
    });
    const text = await readText(response, url);
    if (!response.ok) throw refusal(response, url, without(line.key, text));
    return parse(without(line.key, text), url);
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    signal.throwIfAborted();
    if (late.aborted) throw new ProviderError(`${url} did not answer within ${line.timeoutMs} ms`);
    const reason = without(line.key, reasonOf(error));
    throw new ProviderError(`${url}: ${reason}`, { cause: error, passing: true });
  }
}

const bearer = (key: string | undefined): Record<string, string> =>
  key ? { authorization: `Bearer ${key}` } : {};

/** A server may well quote the key that it refuses. */
const without = (key: string | undefined, text: string): string =>
  key ? text.replaceAll(key, '[left out]') : text;

async function readText(response: Response, url: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (bytes > MOST_BYTES) throw new ProviderError(`${url} answered more than ${MOST_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function refusal({ status, headers }: Response, url: string, text: string): ProviderError {
  const passing = status >= 500 || status === 408 || status === 429;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  const afterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
  return new ProviderError(`${url} answered ${status}: ${excerpt(text)}`, { passing, afterMs });
}

function parse(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProviderError(`${url} answered no JSON (${(cause as Error).message}): ${excerpt(text)}`, {
      cause,
    });
  }
}

const excerpt = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, 200) || '(nothing)';

/** fetch says "fetch failed", and why in its cause. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  const { code, message: inner } = (cause ?? {}) as { code?: string; message?: string };
  return code && inner ? `${code}: ${inner}` : (inner ?? message);
}
