import type { SparseEncoder, SparseVector } from '@afk/encoders';
import type { IndexHeadline } from '@afk/database';
import { QdrantClient } from '@qdrant/js-client-rest';

/** The one sparse vector of a point. */
const VECTOR = 'text';

export type SearchFilter = {
  category?: string | undefined;
  language?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
};

/**
 * The headlines in Qdrant: a collection an encoder version, reached by an alias. Nobody else talks to
 * Qdrant.
 */
export class IndexStore {
  private readonly client: QdrantClient;
  private readonly encoder: SparseEncoder;
  private readonly alias: string;
  private readonly collection: string;

  /** @param prefix the environment's, e.g. `staging-` */
  constructor(options: { url: string; apiKey?: string | undefined; encoder: SparseEncoder; prefix: string }) {
    const { url, apiKey, encoder, prefix } = options;
    this.client = new QdrantClient({
      url,
      ...(apiKey ? { apiKey } : {}),
      checkCompatibility: false,
      timeout: 30_000,
    });
    this.encoder = encoder;
    this.alias = `${prefix}headlines`;
    // A version may hold characters that a collection's name may not.
    this.collection = `${this.alias}_${encoder.name}_${encoder.version}`.replaceAll(/[^\w-]+/g, '_');
  }

  /** Creates what is missing. @returns true where the collection is new, so that all must be indexed */
  async prepare(): Promise<boolean> {
    const { exists } = await told(this.client.collectionExists(this.collection));
    if (!exists) await this.create();
    const { aliases } = await told(this.client.getAliases());
    const old = aliases.find((a) => a.alias_name === this.alias)?.collection_name;
    if (old !== this.collection) await this.moveAlias(old);
    return !exists;
  }

  private async create(): Promise<void> {
    await told(
      this.client.createCollection(this.collection, {
        vectors: {},
        sparse_vectors: { [VECTOR]: { modifier: 'idf' } },
      }),
    );
    const indexes = {
      category: 'keyword',
      language: 'keyword',
      published_at: 'datetime',
      demo: 'bool',
    } as const;
    for (const [field, schema] of Object.entries(indexes)) {
      await told(
        this.client.createPayloadIndex(this.collection, {
          field_name: field,
          field_schema: schema,
          wait: true,
        }),
      );
    }
  }

  private async moveAlias(old: string | undefined): Promise<void> {
    const create = { create_alias: { alias_name: this.alias, collection_name: this.collection } };
    const actions = old ? [{ delete_alias: { alias_name: this.alias } }, create] : [create];
    await told(this.client.updateCollectionAliases({ actions }));
    if (old) await told(this.client.deleteCollection(old));
  }

  /** Writes headlines; the same ones again replace themselves. Returns when they are durable. */
  async upsert(headlines: readonly IndexHeadline[]): Promise<void> {
    const vectors = this.encoder.encodeDocuments(
      headlines.map((h) => ({ text: `${h.title}. ${h.summary}`, language: h.language })),
    );
    const points = headlines.map((h, i) => ({
      id: h.id,
      vector: { [VECTOR]: vectors[i]! },
      payload: {
        language: h.language,
        category: h.category,
        publisher: h.publisher,
        published_at: h.publishedAt.toISOString(),
        demo: h.demo,
      },
    }));
    await told(this.client.upsert(this.alias, { wait: true, points }));
  }

  /** Takes the demo headlines out of the index. */
  async dropDemo(): Promise<void> {
    const filter = { must: [{ key: 'demo', match: { value: true } }] };
    await told(this.client.delete(this.alias, { wait: true, filter }));
  }

  async count(): Promise<number> {
    return (await told(this.client.count(this.alias, { exact: true }))).count;
  }

  /** The best headlines for a query, best first. Empty where the query has no word. */
  async search(query: string, limit: number, filter: SearchFilter): Promise<{ id: string; score: number }[]> {
    const vector: SparseVector = this.encoder.encodeQuery(query);
    if (vector.indices.length === 0) return [];
    const { points } = await told(
      this.client.query(this.alias, {
        query: vector,
        using: VECTOR,
        limit,
        with_payload: false,
        filter: { must: conditions(filter) },
      }),
    );
    return points.map((p) => ({ id: String(p.id), score: p.score }));
  }

  async healthy(): Promise<{ ok: boolean; detail?: string }> {
    try {
      await told(this.client.getCollections());
      return { ok: true };
    } catch (error) {
      return { ok: false, detail: (error as Error).message };
    }
  }
}

function conditions({ category, language, from, to }: SearchFilter) {
  const match = (key: string, value: string) => ({ key, match: { value } });
  const range = { ...(from ? { gte: from } : {}), ...(to ? { lt: to } : {}) };
  return [
    ...(category ? [match('category', category)] : []),
    ...(language ? [match('language', language)] : []),
    ...(from || to ? [{ key: 'published_at', range }] : []),
  ];
}

/**
 * Waits for an answer of Qdrant and puts its own reason into the error; the client says "Bad Request"
 * and keeps the reason aside. All calls here are idempotent.
 */
async function told<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const reason = (error as { data?: { status?: { error?: string } } }).data?.status?.error;
    const { message } = error as Error;
    throw new Error(`Qdrant: ${reason ?? message}`, { cause: error });
  }
}
