import type { AddressInfo } from 'node:net';
import { Catalog } from './catalog.ts';
import { buildServer } from './http/server.ts';
import { Snapshots } from './snapshots/snapshots.ts';

export interface QdrantLocalOptions {
  /** Folder to keep everything in, made if need be. Without it nothing outlives the server. */
  path?: string | undefined;
  /** Default 127.0.0.1: without an API key anyone who reaches the port can write. */
  host?: string | undefined;
  /** What every request must bring, as `api-key` or as a bearer token. Default: none. */
  apiKey?: string | undefined;
  /** Default 0: a free port. */
  port?: number | undefined;
  /** Told of repairs (a log's torn tail) and of failures in the background. Default: `process.emitWarning`. */
  warn?: ((message: string) => void) | undefined;
}

export interface QdrantLocal {
  /** For the client: `new QdrantClient({ url })`. */
  url: string;
  port: number;
  /** Answers what is under way, writes what is not yet on disk, and gives the folder back. */
  close(): Promise<void>;
}

const warnProcess = (message: string): void => process.emitWarning(message, 'QdrantLocalWarning');

/**
 * Starts a server that speaks a part of Qdrant's REST API, in this process.
 *
 * Rejects when the folder is in use by another process or damaged, or the port is taken.
 */
export async function startQdrantLocal(options: QdrantLocalOptions = {}): Promise<QdrantLocal> {
  const { path, host = '127.0.0.1', port = 0, apiKey, warn = warnProcess } = options;
  const catalog = await Catalog.open(path, warn);
  const snapshots = new Snapshots(catalog, path, warn);
  const app = buildServer(catalog, snapshots, apiKey);
  const closeStores = (): Promise<void> => snapshots.close().finally(() => catalog.close());
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await closeStores();
    throw cause;
  }
  const { port: actualPort } = app.server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  let closing: Promise<void> | undefined;
  return {
    url: `http://${name}:${actualPort}`,
    port: actualPort,
    close: () => (closing ??= app.close().finally(closeStores)),
  };
}
