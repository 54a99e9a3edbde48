import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { QdrantClient } from '@qdrant/js-client-rest';
import { startQdrantLocal } from '../index.ts';
import type { QdrantLocal } from '../index.ts';

export interface Local {
  server: QdrantLocal;
  client: QdrantClient;
  warnings: string[];
}

/** A folder that goes when the test ends. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'qdrant-local-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A server, in memory or in `path`, and the real client of it. */
export async function startLocal(t: TestContext, path?: string): Promise<Local> {
  const warnings: string[] = [];
  const server = await startQdrantLocal({ path, warn: (message) => warnings.push(message) });
  t.after(() => server.close());
  const client = new QdrantClient({ url: server.url, checkCompatibility: false });
  return { server, client, warnings };
}

export interface Answer {
  status: number;
  body: { result?: unknown; status: 'ok' | { error: string }; time: number };
}

/** A request that the client would not make. A string is sent as it is. */
export async function send(
  server: QdrantLocal,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const init: RequestInit = { method };
  if (body !== undefined) {
    init.headers = { 'content-type': 'application/json' };
    init.body = typeof body === 'string' ? body : JSON.stringify(body);
  }
  const response = await fetch(server.url + path, init);
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

export const errorOf = ({ body }: Answer): string =>
  typeof body.status === 'object' ? body.status.error : '';

/** Points 1, 2, ... with these payloads and no vectors, in a new collection of one sparse vector `text`. */
export async function withPayloads(client: QdrantClient, name: string, payloads: object[]): Promise<void> {
  await client.createCollection(name, { sparse_vectors: { text: {} } });
  const points = payloads.map((payload, row) => ({
    id: row + 1,
    vector: {},
    payload: payload as Record<string, unknown>,
  }));
  await client.upsert(name, { wait: true, points });
}
