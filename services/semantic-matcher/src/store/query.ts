import type { QueryBody, Scored } from '@afk/search';
import { Pool } from 'undici';
import type { Address } from './address.ts';
import { QdrantError } from './qdrant.ts';

/** Connections at most: beyond what Qdrant works on at once, questions wait here. */
const CONNECTIONS = 16;
const TIMEOUT_MS = 30_000;

/**
 * The one call that every search makes, without the client that serves all others: what that does around each call was
 * the most that profiles of the matcher under load showed.
 */
export class QueryClient {
  private readonly pool: Pool;
  private readonly base: string;
  private readonly headers: Record<string, string>;

  constructor({ host, port, https, prefix, apiKey }: Address) {
    const origin = `${https ? 'https' : 'http'}://${host}:${port}`;
    this.base = prefix;
    this.headers = { 'content-type': 'application/json', ...(apiKey ? { 'api-key': apiKey } : {}) };
    const timeouts = { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS };
    this.pool = new Pool(origin, { connections: CONNECTIONS, ...timeouts });
  }

  /**
   * The answers to several questions at once, in their order.
   *
   * @throws QdrantError
   */
  async batch(collection: string, searches: readonly QueryBody[], signal?: AbortSignal): Promise<Scored[][]> {
    const path = `${this.base}/collections/${encodeURIComponent(collection)}/points/query/batch`;
    const body = JSON.stringify({ searches });
    // Asked once more where the connection failed: it may have gone stale, and asking changes nothing.
    const { status, text } = await this.post(path, body, signal).catch((error: unknown) => {
      signal?.throwIfAborted();
      return this.post(path, body, signal).catch((again: unknown) => {
        signal?.throwIfAborted();
        throw new QdrantError((again as Error).message, undefined, error);
      });
    });
    return read(status, text).map((answer) => answer.points);
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }

  private async post(
    path: string,
    body: string,
    signal: AbortSignal | undefined,
  ): Promise<{ status: number; text: string }> {
    const answer = await this.pool.request({
      path,
      method: 'POST',
      headers: this.headers,
      body,
      signal: signal ?? null,
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  }
}

type Body = { result?: { points: Scored[] }[]; status?: { error?: string } };

function read(status: number, text: string): { points: Scored[] }[] {
  let body: Body;
  try {
    body = JSON.parse(text) as Body;
  } catch (error) {
    throw new QdrantError(`an answer ${status} that is no JSON`, status, error);
  }
  if (status === 200 && body.result) return body.result;
  throw new QdrantError(body.status?.error ?? `an answer ${status} without a reason`, status, undefined);
}
