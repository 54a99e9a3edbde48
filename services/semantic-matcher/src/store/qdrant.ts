import { QdrantClient } from '@qdrant/js-client-rest';
import type { Address } from './address.ts';

export type { QdrantClient } from '@qdrant/js-client-rest';

/** Qdrant did not do what was asked, and why. `status` is its HTTP status; undefined: it was not reached. */
export class QdrantError extends Error {
  readonly status: number | undefined;

  constructor(reason: string, status: number | undefined, cause: unknown) {
    super(`Qdrant: ${reason}`, { cause });
    this.name = 'QdrantError';
    this.status = status;
  }
}

export function connectQdrant({ prefix, apiKey, ...where }: Address): QdrantClient {
  const optional = { ...(prefix ? { prefix } : {}), ...(apiKey ? { apiKey } : {}) };
  return new QdrantClient({ ...where, ...optional, checkCompatibility: false, timeout: 30_000 });
}

/**
 * Waits for an answer of Qdrant and puts the reason into the error; the client says "Bad Request" or
 * "fetch failed" and keeps the reason aside. Where the connection failed (a TypeError is fetch's word
 * for that) it asks once more: the client's keep-alive outlives the server's. All calls here may be
 * made twice.
 *
 * @throws QdrantError
 */
export async function told<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call().catch((error: unknown) => {
      if (error instanceof TypeError) return call();
      throw error;
    });
  } catch (error) {
    const { message, cause, data, status } = error as Error & { cause?: Error } & Refusal;
    throw new QdrantError(data?.status?.error ?? cause?.message ?? message, status, error);
  }
}

/** An error of the client where Qdrant answered. */
type Refusal = { status?: number; data?: { status?: { error?: string } } };

/** Whether Qdrant answers, as a health check. */
export async function healthOf(client: QdrantClient): Promise<{ ok: boolean; detail?: string }> {
  try {
    await told(() => client.getCollections());
    return { ok: true };
  } catch (error) {
    return { ok: false, detail: (error as Error).message };
  }
}
