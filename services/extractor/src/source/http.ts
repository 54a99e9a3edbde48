import { version } from '@afk/runtime';
import { Agent, fetch, type Response } from 'undici';
import { assertPublic, guardedLookup } from './address.ts';

export type Fetched =
  | { state: 'not_modified' }
  | { state: 'ok'; text: string; url: string; etag: string | null; lastModified: string | null };

export type Fetcher = {
  /**
   * Fetches a document, if it changed.
   * @throws Error that says what was wrong: the address, the time, the size, the status
   */
  get(url: string, known?: { etag: string | null; lastModified: string | null }): Promise<Fetched>;
  close(): Promise<void>;
};

export type FetchLimits = { timeoutMs: number; maxBytes: number; allowPrivate: boolean };

const MAX_REDIRECTS = 5;
const accept =
  'application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5';

export function createFetcher({ timeoutMs, maxBytes, allowPrivate }: FetchLimits): Fetcher {
  const agent = new Agent({
    connect: { timeout: Math.min(timeoutMs, 10_000), ...(allowPrivate ? {} : { lookup: guardedLookup }) },
    keepAliveTimeout: 2000,
    connections: 4,
  });
  return {
    async get(url, known) {
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        return await follow(url, known, signal);
      } catch (error) {
        throw explain(error as Error, signal, timeoutMs);
      }
    },
    close: () => agent.destroy(),
  };

  async function follow(
    start: string,
    known: { etag: string | null; lastModified: string | null } | undefined,
    signal: AbortSignal,
  ): Promise<Fetched> {
    const headers: Record<string, string> = { accept, 'user-agent': `AFK/${version} (news radar)` };
    if (known?.etag) headers['if-none-match'] = known.etag;
    if (known?.lastModified) headers['if-modified-since'] = known.lastModified;
    let url = start;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      // undici looks up names only: an address in the URL itself is checked here.
      if (!allowPrivate) assertPublic(new URL(url).hostname);
      const response = await fetch(url, { dispatcher: agent, redirect: 'manual', headers, signal });
      const location = response.headers.get('location');
      if (response.status >= 300 && response.status < 400 && response.status !== 304 && location) {
        await response.body?.cancel();
        url = new URL(location, url).href;
        if (!/^https?:/.test(url)) throw new Error(`it redirects to ${url}, which is not the web`);
        continue;
      }
      return read(response, url);
    }
    throw new Error(`it redirects more than ${MAX_REDIRECTS} times`);
  }

  async function read(response: Response, url: string): Promise<Fetched> {
    if (response.status === 304) return { state: 'not_modified' };
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`the server answered ${response.status} ${response.statusText}`.trim());
    }
    const bytes = await readBody(response, maxBytes);
    return {
      state: 'ok',
      text: decode(bytes, response.headers.get('content-type')),
      url,
      etag: response.headers.get('etag'),
      lastModified: response.headers.get('last-modified'),
    };
  }
}

async function readBody(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    // Leaving the loop by a throw cancels the body: the rest is not downloaded.
    if (size > maxBytes) throw new Error(`it is larger than ${formatBytes(maxBytes)}`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** By the charset of the header, else that of the XML declaration, else UTF-8. */
export function decode(bytes: Buffer, contentType: string | null): string {
  const declared =
    /charset=["']?([\w-]+)/i.exec(contentType ?? '')?.[1] ??
    /^\s*<\?xml[^>]*encoding=["']([\w-]+)["']/i.exec(bytes.subarray(0, 200).toString('latin1'))?.[1];
  try {
    return new TextDecoder(declared ?? 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder('utf-8').decode(bytes);
  }
}

function explain(error: Error, signal: AbortSignal, timeoutMs: number): Error {
  if (signal.aborted) return new Error(`no complete answer within ${timeoutMs / 1000} s`, { cause: error });
  const cause = error.cause as Error | undefined;
  if (error.message === 'fetch failed' && cause) {
    return cause.name === 'ForbiddenAddress' ? cause : new Error(cause.message || cause.name, { cause });
  }
  return error;
}

function formatBytes(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.round(bytes / 1024 / 1024)} MB` : `${Math.round(bytes / 1024)} kB`;
}
