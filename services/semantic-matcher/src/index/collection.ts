import type { IndexHeadline } from '@afk/database';
import type { SparseVector } from '@afk/encoders';
import { DENSE, SPARSE, STORED_INDEXES, storedOf } from '@afk/search';
import { told, type QdrantClient } from '../store/qdrant.ts';
import type { Encoders, Version } from './version.ts';

/** What a collection of ours says of itself. */
export type About = { afk: string; index: string; version: Version };

/** Points a request. Between two, searches have their turn. */
const PAGE = 100;

/** The points of one index in Qdrant. */
export class HeadlineCollection {
  readonly name: string;
  private readonly client: QdrantClient;

  constructor(client: QdrantClient, name: string) {
    this.client = client;
    this.name = name;
  }

  async exists(): Promise<boolean> {
    return (await told(() => this.client.collectionExists(this.name))).exists;
  }

  /** Creates what is missing: a crash may have come between the collection and its indexes. */
  async create(about: About, { sparse, dense }: Encoders): Promise<void> {
    if (!(await this.exists())) {
      const vectors = dense ? { [DENSE]: { size: dense.dimension, distance: 'Cosine' as const } } : {};
      const sparse_vectors = { [SPARSE]: sparse.idf ? { modifier: 'idf' as const } : {} };
      await told(() => this.client.createCollection(this.name, { vectors, sparse_vectors, metadata: about }));
    }
    for (const [field_name, field_schema] of Object.entries(STORED_INDEXES)) {
      await told(() => this.client.createPayloadIndex(this.name, { field_name, field_schema, wait: true }));
    }
  }

  /**
   * Writes headlines; the same ones again replace themselves. Returns when they are durable.
   *
   * @param dense one a headline; undefined: without
   */
  async upsert(
    headlines: readonly IndexHeadline[],
    sparse: readonly SparseVector[],
    dense: readonly Float32Array[] | undefined,
  ): Promise<void> {
    for (let from = 0; from < headlines.length; from += PAGE) {
      const points = headlines.slice(from, from + PAGE).map((headline, i) => ({
        id: headline.id,
        vector: { [SPARSE]: sparse[from + i]!, ...(dense ? { [DENSE]: numbersOf(dense[from + i]!) } : {}) },
        payload: storedOf(headline),
      }));
      await told(() => this.client.upsert(this.name, { wait: true, points }));
    }
  }

  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await told(() => this.client.delete(this.name, { wait: true, points: [...ids] }));
  }

  async count(): Promise<number> {
    return (await told(() => this.client.count(this.name, { exact: true }))).count;
  }
}

/** Six decimals: what a cosine needs, and a third of the text that a float32 is as a JavaScript number. */
export const numbersOf = (vector: Float32Array): number[] =>
  Array.from(vector, (x) => Math.round(x * 1e6) / 1e6);
