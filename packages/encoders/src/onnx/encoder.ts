import { createHash } from 'node:crypto';
import { documentText, encodePresent, normalised, queryText } from '../text-of.ts';
import type { Prefixes } from '../text-of.ts';
import type { DenseEncoder, EncodeOptions, SparseEncoder, SparseVector } from '../types.ts';
import type { ModelSource } from './files.ts';
import { loadOnnxModel } from './model.ts';
import { firstPool, meanPool, spladePool } from './pool.ts';

export type OnnxOptions = {
  source: ModelSource;
  prefixes?: Prefixes;
  /** Tokens of a text at most. */
  maxTokens?: number;
  /** Texts of one run of the model. */
  batchSize?: number;
  /** For loading. */
  signal?: AbortSignal;
};
export type SentenceOptions = OnnxOptions & {
  /** As the model was trained: most take the mean, bge and arctic the first token. */
  pooling?: 'mean' | 'cls';
};

const MAX_TOKENS = 256;
// Logits are tokens x vocabulary: 256 x 30,000 numbers are 31 MB a text.
const BATCH = { sentence: 16, splade: 2 };
const HIDDEN = ['last_hidden_state', 'token_embeddings', 'sentence_embedding'];
const LOGITS = ['logits'];

/** A sentence transformer. Throws where the runtime, or a file of the model, is missing. */
export async function onnxEncoder(options: SentenceOptions): Promise<DenseEncoder> {
  const { pooling = 'mean', prefixes = {} } = options;
  if (pooling !== 'mean' && pooling !== 'cls')
    throw new RangeError(`onnx: pooling ${String(pooling)}: mean or cls`);
  const maxTokens = options.maxTokens ?? MAX_TOKENS;
  const batchSize = options.batchSize ?? BATCH.sentence;
  const model = await loadOnnxModel({ ...options, maxTokens, batchSize, outputs: HIDDEN });
  const pool = pooling === 'mean' ? meanPool : firstPool;
  const encode = (texts: string[], { signal }: EncodeOptions = {}): Promise<Float32Array[]> =>
    model.run(texts, (tokens) => normalised(pool(tokens)), signal ? { signal } : {});
  const [probe] = await encode(['headline'], options);
  const dimension = probe!.length;
  return {
    kind: 'dense',
    name: 'onnx',
    version: versionOf(model.hash, { pooling, prefixes, maxTokens }),
    dimension,
    encodeDocuments: (docs, encodeOptions) => {
      const texts = docs.map((doc) => documentText(doc, prefixes));
      return encodePresent(texts, dimension, (present) => encode(present, encodeOptions));
    },
    encodeQuery: async (query, encodeOptions) => {
      const text = queryText(query, prefixes);
      return text === undefined ? undefined : (await encode([text], encodeOptions))[0];
    },
  };
}

const EMPTY: SparseVector = { indices: [], values: [] };

/** SPLADE: a masked language model whose logits weigh the words of its vocabulary. Indices are those of the vocabulary. */
export async function spladeEncoder(options: OnnxOptions): Promise<SparseEncoder> {
  const { prefixes = {} } = options;
  const maxTokens = options.maxTokens ?? MAX_TOKENS;
  const batchSize = options.batchSize ?? BATCH.splade;
  const model = await loadOnnxModel({ ...options, maxTokens, batchSize, outputs: LOGITS });
  return {
    kind: 'sparse',
    name: 'splade',
    idf: false,
    version: versionOf(model.hash, { prefixes, maxTokens }),
    encodeDocuments: async (docs, encodeOptions) => {
      const texts = docs.map((doc) => documentText(doc, prefixes));
      const present = texts.filter((text) => text !== undefined);
      const vectors = (await model.run(present, spladePool, encodeOptions)).values();
      return texts.map((text) => (text === undefined ? EMPTY : vectors.next().value!));
    },
    encodeQuery: async (query, encodeOptions) => {
      const text = queryText(query, prefixes);
      if (text === undefined) return undefined;
      const [vector] = await model.run([text], spladePool, encodeOptions);
      return vector!.indices.length > 0 ? vector : undefined;
    },
  };
}

function versionOf(hash: string, options: object): string {
  const digest = createHash('sha256').update(JSON.stringify(options)).digest('hex');
  return `${hash}-${digest.slice(0, 8)}`;
}
