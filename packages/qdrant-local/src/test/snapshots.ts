import { openAsBlob } from 'node:fs';
import type { QdrantClient } from '@qdrant/js-client-rest';
import type { QdrantLocal } from '../index.ts';
import type { Answer } from './local.ts';

export const UUID = '0b4e1a3c-0000-4000-8000-000000000001';

const point = (id: number | string, n: number) => ({
  id,
  vector: { d: [n, 1], s: { indices: [n, 1000], values: [0.3, 0.1] } },
  payload: { n, text: `é ${n}`, list: [n, null] },
});

/** A collection with something of everything that a snapshot has to keep. */
export async function fill(client: QdrantClient, name: string): Promise<void> {
  await client.createCollection(name, {
    vectors: { d: { size: 2, distance: 'Cosine' } },
    sparse_vectors: { s: { modifier: 'idf' } },
    metadata: { by: 'test' },
  });
  await client.createPayloadIndex(name, { wait: true, field_name: 'n', field_schema: 'integer' });
  const text = { type: 'text', min_token_len: 2 } as const;
  await client.createPayloadIndex(name, { wait: true, field_name: 'text', field_schema: text });
  await client.upsert(name, { wait: true, points: [point(1, 1), point(2, 2), point(UUID, 3), point(4, 4)] });
  await client.delete(name, { wait: true, points: [4] });
  await client.upsert(name, { wait: true, points: [{ id: 7, vector: {} }] });
}

/** All that can be asked of such a collection. */
export const answers = async (client: QdrantClient, name: string): Promise<unknown> => [
  await client.getCollection(name),
  await client.scroll(name, { with_vector: true, with_payload: true }),
  await client.query(name, { query: [1, 2], using: 'd', with_payload: true }),
  await client.query(name, { query: { indices: [2, 1000], values: [1, 1] }, using: 's' }),
  await client.count(name, { filter: { must: [{ key: 'n', match: { value: 2 } }] } }),
  await client.count(name, { filter: { must: [{ key: 'text', match: { text: '3' } }] } }),
];

/** A snapshot's bytes, as a client downloads them. */
export async function downloadSnapshot(
  server: QdrantLocal,
  collection: string,
  name: string,
): Promise<Response> {
  return fetch(
    `${server.url}/collections/${encodeURIComponent(collection)}/snapshots/${encodeURIComponent(name)}`,
  );
}

/** Sends a file (or bytes) as the form that a client uploads. */
export async function uploadSnapshot(
  server: QdrantLocal,
  collection: string,
  content: string | Uint8Array<ArrayBuffer>,
  query = '',
): Promise<Answer> {
  const form = new FormData();
  const blob = typeof content === 'string' ? await openAsBlob(content) : new Blob([content]);
  form.set('snapshot', blob, 'x.snapshot');
  const url = `${server.url}/collections/${encodeURIComponent(collection)}/snapshots/upload${query}`;
  const response = await fetch(url, { method: 'POST', body: form });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}
