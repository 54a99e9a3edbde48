import { version } from '@afk/runtime';
import { addressGuard } from '@afk/runtime/address';
import { Agent, fetch, type Dispatcher, type Response } from 'undici';

export type Fetched =
  | { state: 'not_modified' }
  | { state: 'ok'; text: string; url: string; etag: string | null; lastModified: string | null };

/** What the last fetch was told. */
export type Known = { etag: string | null; lastModified: string | null };

export type Fetcher = {
  /**
   * Fetches a document, if it changed.
   * @param signal ends it early
   * @throws Error that says what was wrong: the address, the time, the size, the status
   */
  get(url: string, known?: Known, signal?: AbortSignal): Promise<Fetched>;
  close(): Promise<void>;
};

export type FetchLimits = { timeoutMs: number; maxBytes: number; allowPrivate: boolean };

const MAX_REDIRECTS = 5;
const { assertPublic, lookup } = addressGuard('AFK_ALLOW_PRIVATE_FEEDS');
const accept =
  'application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5';

/** Connections, four a host, that lead to public addresses only. */
export function createAgent({ timeoutMs, allowPrivate }: FetchLimits): Agent {
  return new Agent({
    connect: { timeout: Math.min(timeoutMs, 10_000), ...(allowPrivate ? {} : { lookup }) },
    keepAliveTimeout: 2000,
    connections: 4,
  });
}

/** @param agent what it connects by; closed with it */
export function createFetcher(limits: FetchLimits, agent: Dispatcher = createAgent(limits)): Fetcher {
  const { timeoutMs, maxBytes, allowPrivate } = limits;
  return {
    async get(url, known, stop) {
      const late = AbortSignal.timeout(timeoutMs);
      try {
        return await follow(url, known, stop ? AbortSignal.any([late, stop]) : late);
      } catch (error) {
        if (stop?.aborted) throw stop.reason;
        throw explain(error as Error, late, timeoutMs);
      }
    },
    close: () => agent.destroy(),
  };

  async function follow(start: string, known: Known | undefined, signal: AbortSignal): Promise<Fetched> {
    const headers: Record<string, string> = { accept, 'user-agent': `AFK/${version} (news radar)` };
    if (known?.etag) headers['if-none-match'] = known.etag;
    if (known?.lastModified) headers['if-modified-since'] = known.lastModified;
    let url = start;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const { hostname, username, password } = new URL(url);
      if (username || password) throw new Error('its address holds a user name or password: not supported');
      // undici looks up names only: an address in the URL itself is checked here.
      if (!allowPrivate) assertPublic(hostname);
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

/** By its byte order mark, else the charset of the header, else that of the XML declaration, else UTF-8. */
export function decode(bytes: Buffer, contentType: string | null): string {
  const start = bytes.subarray(0, 200).toString('latin1');
  const mark = marks.find(([mark]) => start.startsWith(mark))?.[1];
  const header = /charset=["']?([\w-]+)/i.exec(contentType ?? '')?.[1];
  const prolog = /^\s*<\?xml[^>]*encoding=["']([\w-]+)["']/i.exec(start)?.[1];
  for (const charset of [mark, header, prolog]) {
    try {
      if (charset) return new TextDecoder(charset).decode(bytes);
    } catch {
      // Not the name of a charset.
    }
  }
  return new TextDecoder('utf-8').decode(bytes);
}

const marks = [
  ['\u00ef\u00bb\u00bf', 'utf-8'],
  ['\u00ff\u00fe', 'utf-16le'],
  ['\u00fe\u00ff', 'utf-16be'],
] as const;

function explain(error: Error, late: AbortSignal, timeoutMs: number): Error {
  if (late.aborted) return new Error(`no complete answer within ${timeoutMs / 1000} s`, { cause: error });
  const { cause } = error as { cause?: Error };
  // undici's own words, "fetch failed" and "terminated", say nothing; what lies under them does.
  if (!(error instanceof TypeError) || !cause) return error;
  return cause.name === 'ForbiddenAddress' ? cause : new Error(reasonOf(cause), { cause: error });
}

/** A host with several addresses fails with an error for each, and no message of its own. */
function reasonOf(error: Error): string {
  const { errors } = error as { errors?: Error[] };
  return error.message || errors?.map((e) => e.message).join('; ') || error.name;
}

function formatBytes(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.round(bytes / 1024 / 1024)} MB` : `${Math.round(bytes / 1024)} kB`;
}
