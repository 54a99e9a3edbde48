/** Unsigned integers up to 2^53 - 1, or a UUID in its lower-case hyphenated form. */
export type PointId = number | string;

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };
export type Payload = JsonObject;

export type Distance = 'Cosine' | 'Dot' | 'Euclid' | 'Manhattan';

/** `indices` ascending and unique, `values` of the same length. */
export interface SparseVector {
  indices: Uint32Array;
  values: Float32Array;
}

export type Vector = Float32Array | SparseVector;

/** By vector name; the unnamed dense vector has the name ''. */
export type Vectors = Map<string, Vector>;

export const DEFAULT_VECTOR = '';

/** A point as it is stored: cosine vectors already normalised, payload owned by the collection. */
export interface Point {
  id: PointId;
  version: number;
  payload: Payload;
  vectors: Vectors;
}

/**
 * A change as it is applied and logged. Records carry the resulting state of each point, never the request
 * (no filters, no merges), so that replaying one twice, or over a newer snapshot, ends in the same state.
 */
export type Change =
  | { op: 'upsert'; points: Point[] }
  | { op: 'payload'; version: number; ids: PointId[]; payloads: Payload[] }
  | { op: 'delete'; version: number; ids: PointId[] };

export interface DenseParams {
  size: number;
  distance: Distance;
}

export interface SparseParams {
  idf: boolean;
}

export type FieldType = 'keyword' | 'integer' | 'float' | 'bool' | 'datetime' | 'text' | 'uuid';

export interface TextParams {
  tokenizer: 'word' | 'whitespace' | 'prefix';
  lowercase: boolean;
  minTokenLength: number;
  maxTokenLength: number;
  /** Whether phrases are found; without, no phrase is. */
  phrases?: boolean;
  /** Words that are neither indexed nor looked for. */
  stopwords?: string[];
}

/** `params` is what was asked for, shown again in the collection's info; absent for the short form. */
export interface FieldSchema {
  type: FieldType;
  text?: TextParams;
  /** Of an integer index; false where it was asked not to serve match, or range and order_by. */
  lookup?: boolean;
  range?: boolean;
  params?: JsonObject;
}
