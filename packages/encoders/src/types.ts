/** Indices ascending and unique, unsigned 32 bit; `values[i]` belongs to `indices[i]`. */
export type SparseVector = { indices: number[]; values: number[] };

/** What the search index asks of a sparse encoder; the dense interface will be its sibling. */
export interface SparseEncoder {
  readonly name: string;
  /** Changes whenever the same text would get another vector: an index is only valid for one version. */
  readonly version: string;
  encodeDocuments(docs: { text: string; language: string }[]): SparseVector[];
  encodeQuery(text: string): SparseVector;
}

export type Bm25Options = {
  /** Saturation of repeated terms, >= 0. */
  k1?: number;
  /** Weight of the document's length, 0..1. */
  b?: number;
  /** Terms of an average document. Fixed, so that a document's vector does not depend on its neighbours. */
  averageLength?: number;
};
