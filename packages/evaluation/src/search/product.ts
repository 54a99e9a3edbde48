import { bm25Encoder, fitLsaModel, lsaEncoder } from '@afk/encoders';
import type { DenseEncoder, EncoderDocument, SparseEncoder } from '@afk/encoders';
import { startQdrantLocal } from '@afk/qdrant-local';
import {
  DENSE,
  filterOf,
  parseQuery,
  questions,
  rankedOf,
  SPARSE,
  STORED_INDEXES,
  storedOf,
} from '@afk/search';
import type { Scored } from '@afk/search';
import { runSteps } from '@afk/text';
import { qdrantAt, type Qdrant } from './qdrant.ts';

/** The three lists of one search, best first: numbers of documents. */
export type Lists = { sparse: number[]; dense: number[]; hybrid: number[] };

export type ProductSearch = {
  search(query: string): Promise<Lists>;
  encoders: { sparse: string; dense: string };
  /** Seconds of fitting the model, and of encoding and storing. */
  seconds: { fit: number; index: number };
  close(): Promise<void>;
};

const COLLECTION = 'documents';
const BATCH = 500;
/** When all was published, and what "now" is: time plays no part here. */
const CLOCK = new Date('2026-01-01T00:00:00Z');

/**
 * What a user gets, without bus and database: the encoders with their defaults, the dense one fitted on these documents, Qdrant's
 * protocol over HTTP, and the questions of `@afk/search`. Documents without a word are not indexed.
 */
export async function productSearch(documents: readonly EncoderDocument[]): Promise<ProductSearch> {
  const started = performance.now();
  const sparse = bm25Encoder();
  const dense = lsaEncoder(runSteps(fitLsaModel(documents)));
  const fitted = performance.now();
  const server = await startQdrantLocal();
  try {
    const qdrant = qdrantAt(server.url);
    await prepare(qdrant, dense);
    await store(qdrant, documents, sparse, dense);
    return {
      search: (query) => search(qdrant, query, sparse, dense),
      encoders: { sparse: nameOf(sparse), dense: nameOf(dense) },
      seconds: { fit: (fitted - started) / 1000, index: (performance.now() - fitted) / 1000 },
      close: () => server.close(),
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

const nameOf = ({ name, version }: SparseEncoder | DenseEncoder): string => `${name}-${version}`;

async function prepare(qdrant: Qdrant, dense: DenseEncoder): Promise<void> {
  await qdrant('PUT', `collections/${COLLECTION}`, {
    vectors: { [DENSE]: { size: dense.dimension, distance: 'Cosine' } },
    sparse_vectors: { [SPARSE]: { modifier: 'idf' } },
  });
  for (const [field_name, field_schema] of Object.entries(STORED_INDEXES))
    await qdrant('PUT', `collections/${COLLECTION}/index?wait=true`, { field_name, field_schema });
}

async function store(
  qdrant: Qdrant,
  documents: readonly EncoderDocument[],
  sparse: SparseEncoder,
  dense: DenseEncoder,
): Promise<void> {
  const numbers = documents.flatMap((document, i) =>
    /[\p{L}\p{N}]/u.test(`${document.title} ${document.summary}`) ? [i] : [],
  );
  for (let at = 0; at < numbers.length; at += BATCH) {
    const batch = numbers.slice(at, at + BATCH);
    const texts = batch.map((i) => documents[i]!);
    const [words, meanings] = [await sparse.encodeDocuments(texts), await dense.encodeDocuments(texts)];
    const points = texts.map((text, k) => {
      const known = { publisher: '', category: null, publishedAt: CLOCK, demo: false };
      const vector = { [SPARSE]: words[k], [DENSE]: numbersOf(meanings[k]!) };
      return { id: batch[k]!, vector, payload: storedOf({ ...text, ...known }) };
    });
    await qdrant('PUT', `collections/${COLLECTION}/points?wait=true`, { points });
  }
}

async function search(
  qdrant: Qdrant,
  text: string,
  sparse: SparseEncoder,
  dense: DenseEncoder,
): Promise<Lists> {
  const query = parseQuery(text, CLOCK);
  const asking = { text: query.text };
  const [words, meaning] = [await sparse.encodeQuery(asking), await dense.encodeQuery(asking)];
  const nears = { sparse: words, dense: meaning && numbersOf(meaning) };
  const asked = questions(nears, filterOf(query));
  if (asked.length === 0) return { sparse: [], dense: [], hybrid: [] };
  const body = { searches: asked };
  const answers = (await qdrant('POST', `collections/${COLLECTION}/points/query/batch`, body)) as Answer[];
  const ranked = rankedOf(
    nears,
    answers.map(({ points }) => points),
  );
  const listOf = (rank: 'sparseRank' | 'denseRank'): number[] =>
    ranked
      .filter((hit) => hit[rank] !== null)
      .sort((a, b) => a[rank]! - b[rank]!)
      .map(({ id }) => Number(id));
  return {
    sparse: listOf('sparseRank'),
    dense: listOf('denseRank'),
    hybrid: ranked.map(({ id }) => Number(id)),
  };
}

type Answer = { points: Scored[] };

/** Six decimals, as the service sends them. */
const numbersOf = (vector: Float32Array): number[] => Array.from(vector, (x) => Math.round(x * 1e6) / 1e6);
