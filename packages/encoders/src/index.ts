export { bm25Encoder } from './bm25.ts';
export type { Bm25Options, SparseEncoder, SparseVector } from './types.ts';
