import type { Socket } from 'node:net';
import pg from 'pg';

/**
 * One connection for a long piece of work: no statement of it has a limit.
 *
 * @param name seen in `pg_stat_activity`
 */
export async function withClient<T>(
  url: string,
  name: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // Told here alone where it is lost between two queries; the next one fails by itself.
  client.on('error', () => {});
  let failed = true;
  try {
    await client.connect();
    const result = await work(client);
    failed = false;
    return result;
  } finally {
    // In the midst of a COPY a good-bye would not be heard. A transaction ends with its connection either way.
    if (failed) socketOf(client).destroy();
    else await client.end().catch(() => {});
  }
}

/** A client whose queries end with the signal: its connection is cut, for a COPY cannot be told to stop. */
export function cutWith(client: pg.Client, signal: AbortSignal): () => void {
  const cut = (): void => {
    socketOf(client).destroy(new Error('stopped'));
  };
  signal.addEventListener('abort', cut);
  return () => signal.removeEventListener('abort', cut);
}

/** What pg does not offer, and its types do not know. */
const socketOf = (client: pg.Client): Socket =>
  (client as unknown as { connection: { stream: Socket } }).connection.stream;

export const quoted = (...names: string[]): string => names.map((n) => pg.escapeIdentifier(n)).join('.');
