import type { TestContext } from 'node:test';
import { startQdrantLocal } from '@afk/qdrant-local';
import { QdrantClient } from '@qdrant/js-client-rest';
import { DENSE, SPARSE } from '../hybrid.ts';
import type { Scored } from '../hybrid.ts';
import { STORED_INDEXES } from '../stored.ts';

const COLLECTION = 'headlines';

export type TestPoint = {
  id: string;
  vector?: { sparse?: [index: number, value: number][]; dense?: [number, number] };
  payload: Record<string, unknown>;
};

/** Points in a Qdrant of the test's own, with the vectors and indexes of the product. */
export type TestPoints = {
  idsOf(filter: unknown): Promise<string[]>;
  ask(searches: readonly object[]): Promise<Scored[][]>;
};

export async function testPoints(t: TestContext, points: readonly TestPoint[]): Promise<TestPoints> {
  const server = await startQdrantLocal();
  t.after(() => server.close());
  const client = new QdrantClient({ url: server.url, checkCompatibility: false });
  await client.createCollection(COLLECTION, {
    vectors: { [DENSE]: { size: 2, distance: 'Cosine' } },
    sparse_vectors: { [SPARSE]: { modifier: 'idf' } },
  });
  for (const [field_name, field_schema] of Object.entries(STORED_INDEXES))
    await client.createPayloadIndex(COLLECTION, { field_name, field_schema, wait: true });
  await client.upsert(COLLECTION, { wait: true, points: points.map(written) });
  return {
    async idsOf(filter) {
      const page = { filter: filter as never, limit: points.length, with_payload: false };
      const answer = await client.scroll(COLLECTION, page);
      return answer.points.map(({ id }) => String(id)).toSorted();
    },
    async ask(searches) {
      const answers = await client.queryBatch(COLLECTION, { searches: [...searches] as never });
      return answers.map((answer) => answer.points as Scored[]);
    },
  };
}

function written({ id, vector: { sparse, dense } = {}, payload }: TestPoint) {
  const words = sparse && {
    indices: sparse.map(([index]) => index),
    values: sparse.map(([, value]) => value),
  };
  return { id, vector: { ...(words && { [SPARSE]: words }), ...(dense && { [DENSE]: dense }) }, payload };
}

/** The n-th id; in order of n. */
export const idOf = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
