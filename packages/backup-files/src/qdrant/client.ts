import { openAsBlob } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, fetch, FormData, type RequestInit, type Response } from 'undici';

export type QdrantAddress = { url: string; apiKey?: string | undefined };
export type Alias = { alias_name: string; collection_name: string };

/** Making or taking in a snapshot of a large collection takes its time. */
const WHOLE_MS = 30 * 60_000;
const TRIES = 3;
/** How much longer than all else that goes on which tidies up, ms: within a service's grace period. */
const LATE_MS = 5000;

/** The part of Qdrant's REST API (1.19) that a backup needs. */
export class QdrantRest {
  private readonly base: string;
  private readonly headers: Record<string, string>;
  private readonly agent = new Agent({ headersTimeout: WHOLE_MS, bodyTimeout: WHOLE_MS });
  private readonly signal: AbortSignal;
  /** Ends what must be told its end: a snapshot that nobody waits for would stay on the server. */
  private readonly late = new AbortController();
  private lateTimer: NodeJS.Timeout | undefined;

  constructor({ url, apiKey }: QdrantAddress, signal: AbortSignal) {
    this.base = baseOf(url);
    this.headers = apiKey ? { 'api-key': apiKey } : {};
    this.signal = signal;
    if (signal.aborted) this.endLate();
    else signal.addEventListener('abort', this.endLate, { once: true });
  }

  private readonly endLate = (): void => {
    this.lateTimer = setTimeout(() => this.late.abort(this.signal.reason), LATE_MS);
  };

  close(): Promise<void> {
    this.signal.removeEventListener('abort', this.endLate);
    clearTimeout(this.lateTimer);
    return this.agent.destroy();
  }

  async collections(): Promise<string[]> {
    const { collections } = await this.result<{ collections: { name: string }[] }>('/collections');
    return collections.map((c) => c.name);
  }

  async aliases(): Promise<Alias[]> {
    return (await this.result<{ aliases: Alias[] }>('/aliases')).aliases;
  }

  /** What a collection's maker wrote about it; undefined where there is no such collection. */
  async metadataOf(name: string): Promise<Record<string, unknown> | undefined> {
    type Info = { config: { metadata?: Record<string, unknown> | null } };
    try {
      return (await this.result<Info>(path(name))).config.metadata ?? {};
    } catch (error) {
      if (error instanceof QdrantFailure && error.status === 404) return undefined;
      throw error;
    }
  }

  async count(name: string): Promise<number> {
    const found = await this.result<{ count: number }>(
      `${path(name)}/points/count`,
      json('POST', { exact: true }),
    );
    return found.count;
  }

  /** @returns the name of a new snapshot, which lies on the server until it is removed */
  async createSnapshot(name: string): Promise<string> {
    // Asked for twice it would lie there twice: nothing is tried again here.
    const init = { method: 'POST', signal: this.late.signal };
    const made = await this.once(`${path(name)}/snapshots?wait=true`, init);
    return (await resultOf<{ name: string }>(made)).name;
  }

  async download(name: string, snapshot: string): Promise<Readable> {
    const response = await this.send(`${path(name)}/snapshots/${encodeURIComponent(snapshot)}`);
    if (!response.ok || !response.body) throw await failureOf(response);
    return Readable.fromWeb(response.body);
  }

  /** One that is gone already is no error. */
  async deleteSnapshot(name: string, snapshot: string): Promise<void> {
    const at = `${path(name)}/snapshots/${encodeURIComponent(snapshot)}?wait=true`;
    const response = await this.send(at, { method: 'DELETE', signal: this.late.signal });
    if (!response.ok && response.status !== 404) throw await failureOf(response);
    await response.body?.cancel();
  }

  /** Makes a collection what a snapshot says, whether there is one of that name or not. */
  async upload(name: string, file: string, sha256: string): Promise<void> {
    const at = `${path(name)}/snapshots/upload?priority=snapshot&wait=true&checksum=${sha256}`;
    await this.result(at, async () => {
      const body = new FormData();
      body.set('snapshot', await openAsBlob(file), `${name}.snapshot`);
      return { method: 'POST', body };
    });
  }

  async changeAliases(actions: readonly object[]): Promise<void> {
    await this.result('/collections/aliases', json('POST', { actions }));
  }

  async deleteCollection(name: string): Promise<void> {
    await this.result(path(name), { method: 'DELETE' });
  }

  private async result<T>(at: string, init?: Init): Promise<T> {
    return resultOf<T>(await this.send(at, init));
  }

  /** Sends what may be sent twice, and again where the connection failed: a kept one may have gone stale. */
  private async send(at: string, init: Init = {}): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(at, typeof init === 'function' ? await init() : init);
      } catch (error) {
        if (this.signal.aborted || !(error instanceof TypeError)) throw error;
        if (attempt === TRIES) throw new QdrantFailure(reasonOf(error), undefined, error);
        await sleep(100 * attempt);
      }
    }
  }

  private once(at: string, init: RequestInit): Promise<Response> {
    const headers = { ...this.headers, ...(init.headers as Record<string, string> | undefined) };
    const signal = init.signal ?? this.signal;
    return fetch(`${this.base}${at}`, { ...init, headers, dispatcher: this.agent, signal });
  }
}

/** A body can be read once: what has one is made anew for each try. */
type Init = RequestInit | (() => Promise<RequestInit>);

/** Qdrant did not do what was asked, and why. `status` is its HTTP status; undefined: it was not reached. */
export class QdrantFailure extends Error {
  readonly status: number | undefined;
  constructor(reason: string, status: number | undefined, cause?: unknown) {
    super(`Qdrant: ${reason}`, { cause });
    this.name = 'QdrantFailure';
    this.status = status;
  }
}

/** A port that is not named is Qdrant's own, with TLS too. */
function baseOf(url: string): string {
  const { protocol, hostname, pathname } = new URL(url);
  const [, port = '6333'] = /^https?:\/\/(?:[^/@]*@)?(?:\[[^\]]*\]|[^/:]*):(\d+)/i.exec(url.trim()) ?? [];
  return `${protocol}//${hostname}:${port}${pathname.replace(/\/+$/, '')}`;
}

const path = (collection: string): string => `/collections/${encodeURIComponent(collection)}`;

const json = (method: string, body: object): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

async function resultOf<T>(response: Response): Promise<T> {
  if (!response.ok) throw await failureOf(response);
  return ((await response.json()) as { result: T }).result;
}

async function failureOf(response: Response): Promise<QdrantFailure> {
  const text = await response.text().catch(() => '');
  let reason: string | undefined;
  try {
    reason = (JSON.parse(text) as { status?: { error?: string } }).status?.error;
  } catch {
    // A proxy's page, say.
  }
  return new QdrantFailure(
    reason ?? `it answered ${response.status} ${text.slice(0, 200)}`.trim(),
    response.status,
  );
}

/** fetch says "fetch failed" and keeps the reason aside. */
function reasonOf(error: Error): string {
  const { cause } = error as { cause?: Error & { code?: string } };
  return cause?.message || cause?.code || error.message;
}
