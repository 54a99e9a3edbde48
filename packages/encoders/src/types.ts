/** Indices ascending and unique, unsigned 32 bit; `values[i]`, positive, belongs to `indices[i]`. */
export type SparseVector = { indices: number[]; values: number[] };

/** A headline as encoders read it. `language`: a tag such as `fr`, or `und`. */
export type EncoderDocument = { title: string; summary: string; language: string };

/** `language`: what the reader said it is in; `und` or nothing where that is unknown. */
export type EncoderQuery = { text: string; language?: string };

export type EncodeOptions = { signal?: AbortSignal };

/** Texts into vectors for the search index. */
export interface Encoder<V> {
  readonly kind: 'sparse' | 'dense';
  /** bm25, lsa, onnx, splade, ollama. */
  readonly name: string;
  /** Changes whenever the same text would get another vector: an index is only valid for one version. Short, [\w.=,-]+ */
  readonly version: string;
  /** One vector a document, in their order. Rejects with the signal's reason when aborted. */
  encodeDocuments(docs: readonly EncoderDocument[], options?: EncodeOptions): Promise<V[]>;
  /** undefined: nothing in it that the encoder knows. */
  encodeQuery(query: EncoderQuery, options?: EncodeOptions): Promise<V | undefined>;
}

/** Vectors of length one: their dot product is their cosine. A text that the encoder knows nothing of is all zeros. */
export interface DenseEncoder extends Encoder<Float32Array> {
  readonly kind: 'dense';
  readonly dimension: number;
}

/** Scores are dot products. */
export interface SparseEncoder extends Encoder<SparseVector> {
  readonly kind: 'sparse';
  /** Whether the store must multiply by IDF (`modifier: idf`): BM25 wants it, SPLADE has learnt its own. */
  readonly idf: boolean;
}
