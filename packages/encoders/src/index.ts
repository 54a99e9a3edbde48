export { averageLengthOf, bm25Encoder } from './bm25.ts';
export type { Bm25Options } from './bm25.ts';
export { driftOf, wantsRefit } from './lsa/drift.ts';
export type { Drift } from './lsa/drift.ts';
export { lsaEncoder } from './lsa/encoder.ts';
export { fitLsaModel } from './lsa/fit.ts';
export type { LsaFitOptions } from './lsa/fit.ts';
export { readLsaModel, writeLsaModel } from './lsa/file.ts';
export type { LsaModel } from './lsa/model.ts';
export type {
  DenseEncoder,
  EncodeOptions,
  Encoder,
  EncoderDocument,
  EncoderQuery,
  SparseEncoder,
  SparseVector,
} from './types.ts';
