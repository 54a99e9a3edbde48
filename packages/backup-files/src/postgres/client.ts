import type { Socket } from 'node:net';
import pg from 'pg';

/**
 * How values are written and read, whatever a database or a role is set to: the one that is restored to may be another.
 * And no limits: a restore stands still, in its transaction, while Qdrant takes its part in.
 */
const SETTINGS = {
  datestyle: 'iso, mdy',
  intervalstyle: 'postgres',
  // The digits that bring a float back exactly.
  extra_float_digits: '1',
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  transaction_timeout: '0',
};

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
    // Not every server knows all of them.
    await client.query(
      `select set_config(name, value, false) from json_each_text($1) as t (name, value)
        where name in (select lower(s.name) from pg_settings s)`,
      [JSON.stringify(SETTINGS)],
    );
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
