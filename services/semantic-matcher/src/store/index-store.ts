import type { SparseEncoder, SparseVector } from '@afk/encoders';
import type { IndexHeadline } from '@afk/database';
import { QdrantClient } from '@qdrant/js-client-rest';

/** The one sparse vector of a point. */
const VECTOR = 'text';

/** Published in [from, to). */
export type SearchFilter = {
  category?: string | undefined;
  language?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
};

/** What searches filter by. */
const INDEXES = { category: 'keyword', language: 'keyword', published_at: 'datetime', demo: 'bool' } as const;

/**
 * The headlines in Qdrant: a collection an encoder version, searched through an alias. Nobody else talks
 * to Qdrant. After a change of version the old collection answers until the new one holds everything:
 * every encoder's vectors are sparse and of one name, so that its queries fit the old ones.
 */
export class IndexStore {
  private readonly client: QdrantClient;
  private readonly encoder: SparseEncoder;
  private readonly alias: string;
  /** What the names of this encoder's collections begin with, before the version. */
  private readonly family: string;
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
    this.family = nameOf(`${this.alias}_${encoder.name}_`);
    this.collection = nameOf(`${this.alias}_${encoder.name}_${encoder.version}`);
  }

  /** Whether there is a collection of this encoder version. Where there is none, all must be indexed. */
  async exists(): Promise<boolean> {
    return (await told(() => this.client.collectionExists(this.collection))).exists;
  }

  /** Creates what is missing; a first collection answers searches at once. */
  async prepare(): Promise<void> {
    if (!(await this.exists())) {
      const sparse_vectors = { [VECTOR]: { modifier: 'idf' } } as const;
      await told(() => this.client.createCollection(this.collection, { vectors: {}, sparse_vectors }));
    }
    for (const [field_name, field_schema] of Object.entries(INDEXES)) {
      const index = { field_name, field_schema, wait: true };
      await told(() => this.client.createPayloadIndex(this.collection, index));
    }
    if ((await this.searched()) === undefined) await this.moveAlias(undefined);
  }

  /**
   * Lets this version's collection answer searches, and removes those of other versions: the one that
   * answered before, and what a crash left. The Qdrant may be shared: what is not certainly ours stays.
   */
  async publish(): Promise<void> {
    const old = await this.searched();
    if (old !== this.collection) await this.moveAlias(old);
    const { collections } = await told(() => this.client.getCollections());
    const { aliases } = await told(() => this.client.getAliases());
    const inUse = new Set([this.collection, ...aliases.map((a) => a.collection_name)]);
    for (const { name } of collections) {
      const candidate = !inUse.has(name) && (name === old || this.isOfFamily(name));
      if (candidate && (await this.isOurs(name))) await told(() => this.client.deleteCollection(name));
    }
  }

  /** Whether the rest of a name can be a version: that of another ENV's collection has its alias in it. */
  private isOfFamily(name: string): boolean {
    return name.startsWith(this.family) && /^(?!.*-headlines_)[\w-]+$/.test(name.slice(this.family.length));
  }

  /** Whether a collection is made as `prepare` makes them. */
  private async isOurs(name: string): Promise<boolean> {
    const { config, payload_schema } = await told(() => this.client.getCollection(name));
    return (
      config.params.sparse_vectors?.[VECTOR]?.modifier === 'idf' &&
      Object.entries(INDEXES).every(([field, type]) => payload_schema[field]?.data_type === type)
    );
  }

  /** The collection that answers searches. */
  private async searched(): Promise<string | undefined> {
    const { aliases } = await told(() => this.client.getAliases());
    return aliases.find((a) => a.alias_name === this.alias)?.collection_name;
  }

  private async moveAlias(old: string | undefined): Promise<void> {
    const create = { create_alias: { alias_name: this.alias, collection_name: this.collection } };
    const actions = old ? [{ delete_alias: { alias_name: this.alias } }, create] : [create];
    await told(() => this.client.updateCollectionAliases({ actions }));
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
    await told(() => this.client.upsert(this.collection, { wait: true, points }));
  }

  /** Takes the demo headlines out of the index. */
  async dropDemo(): Promise<void> {
    const filter = { must: [{ key: 'demo', match: { value: true } }] };
    await told(() => this.client.delete(this.collection, { wait: true, filter }));
  }

  async count(): Promise<number> {
    return (await told(() => this.client.count(this.collection, { exact: true }))).count;
  }

  /** The best headlines for a query, best first. Empty where the query has no word. */
  async search(query: string, limit: number, filter: SearchFilter): Promise<{ id: string; score: number }[]> {
    const vector: SparseVector = this.encoder.encodeQuery(query);
    if (vector.indices.length === 0) return [];
    const { points } = await told(() =>
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
      await told(() => this.client.getCollections());
      return { ok: true };
    } catch (error) {
      return { ok: false, detail: (error as Error).message };
    }
  }
}

/** A version may hold characters that a collection's name may not. */
function nameOf(text: string): string {
  return text.replaceAll(/[^\w-]+/g, '_');
}

function conditions({ category, language, from, to }: SearchFilter) {
  const match = (key: string, value: string) => ({ key, match: { value } });
  const range = { ...(from ? { gte: from } : {}), ...(to ? { lte: to } : {}) };
  return [
    ...(category ? [match('category', category)] : []),
    ...(language ? [match('language', language)] : []),
    ...(from || to ? [{ key: 'published_at', range }] : []),
  ];
}

/**
 * Waits for an answer of Qdrant and puts the reason into the error; the client says "Bad Request" or
 * "fetch failed" and keeps the reason aside. Where the connection failed (a TypeError is fetch's word
 * for that) it asks once more: the client's keep-alive outlives the server's. All calls here may be
 * made twice.
 */
async function told<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call().catch((error: unknown) => {
      if (error instanceof TypeError) return call();
      throw error;
    });
  } catch (error) {
    const { message, cause, data } = error as Error & { cause?: Error } & Refusal;
    const reason = data?.status?.error ?? cause?.message;
    throw new Error(`Qdrant: ${reason || message}`, { cause: error });
  }
}

/** An error of the client where Qdrant answered. */
type Refusal = { data?: { status?: { error?: string } } };
