import { setTimeout as sleep } from 'node:timers/promises';

export type ClientOptions = {
  /** Of the server, e.g. http://localhost:11434. */
  url: string;
  /** One attempt may take so long; a model that is loaded first may need most of it. */
  timeoutMs: number;
  attempts: number;
  /** Before the second attempt; doubled before each further one. */
  backoffMs: number;
  headers: Record<string, string>;
};

const LONGEST_BACKOFF_MS = 30_000;

/** An answer of 4xx, or one that is not as documented: asking again would not help. */
export class OllamaError extends Error {
  readonly status: number | undefined;
  constructor(message: string, options: { status?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'OllamaError';
    this.status = options.status;
  }
}

class Passing extends Error {}

/** The JSON of an answer of 2xx. Network errors, time-outs, 5xx and 429 are tried again, nothing else is. */
export async function ask(
  path: string,
  body: object | undefined,
  options: ClientOptions,
  signal?: AbortSignal,
): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      return await askOnce(path, body, options, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Passing)) throw error;
      if (attempt >= options.attempts) {
        const tries = `${attempt} ${attempt === 1 ? 'attempt' : 'attempts'}`;
        throw new OllamaError(`ollama at ${options.url}: ${error.message} (${tries})`, {
          cause: error.cause,
        });
      }
      await sleep(Math.min(LONGEST_BACKOFF_MS, options.backoffMs * 2 ** (attempt - 1)), undefined, {
        signal,
      });
    }
  }
}

async function askOnce(
  path: string,
  body: object | undefined,
  { url, timeoutMs, headers }: ClientOptions,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const timeout = AbortSignal.timeout(timeoutMs);
  let status: number;
  let text: string;
  try {
    const response = await fetch(new URL(path, url), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    status = response.status;
    text = await response.text();
  } catch (cause) {
    throw new Passing(timeout.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(cause), { cause });
  }
  if (status >= 500 || status === 429) throw new Passing(`${status} ${told(text)}`);
  if (status < 200 || status > 299)
    throw new OllamaError(`ollama at ${url}: ${status} ${told(text)}`, { status });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OllamaError(`ollama at ${url}: ${path} did not answer JSON: ${text.slice(0, 80)}`, { cause });
  }
}

// fetch says "fetch failed" and keeps what happened in its cause.
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  const { code, message: why } = (cause ?? {}) as { code?: string; message?: string };
  return `${message}${code || why ? `: ${code ?? why}` : ''}`;
}

/** The reason in Ollama's shape of errors, {"error": "…"}, or the beginning of what was said. */
function told(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === 'string') return error;
  } catch {
    // A proxy's page.
  }
  return text.slice(0, 200);
}
