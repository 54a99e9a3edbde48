import { selectPayload } from '../payload/project.ts';
import type { Output, VectorSelector } from '../request/output.ts';
import { DEFAULT_VECTOR } from '../types.ts';
import type { Payload, PointId, Vector } from '../types.ts';
import type { Collection } from './collection.ts';
import type { Hit } from './top-k.ts';

type VectorOutput = number[] | { indices: number[]; values: number[] };

export interface RecordOutput {
  id: PointId;
  payload?: Payload;
  vector?: VectorOutput | Record<string, VectorOutput>;
  /** The value that order_by ordered the point by; a time in microseconds since 1970 UTC. */
  order_value?: number;
}

export interface ScoredOutput extends RecordOutput {
  version: number;
  score: number;
}

/**
 * The number with the fewest digits that is this float32: 0.1, not the 0.10000000149011612 that a float32
 * of 0.1 is as a JavaScript number. The server prints its floats so.
 */
export function shortFloat32(value: number): number {
  const size = Math.abs(value);
  // A whole number over a power of ten, both exact, is the number that its decimal digits stand for.
  if (size >= 1e-6 && size < 1e6) {
    const power = 5 - Math.floor(Math.log10(size));
    for (let digits = 0; digits < 3; digits++) {
      const scale = 10 ** (power + digits);
      const short = (Math.sign(value) * Math.round(size * scale)) / scale;
      if (Math.fround(short) === value) return short;
    }
  }
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}

const vectorOutput = (vector: Vector): VectorOutput =>
  vector instanceof Float32Array
    ? Array.from(vector, shortFloat32)
    : { indices: [...vector.indices], values: Array.from(vector.values, shortFloat32) };

function vectorsOutput(
  collection: Collection,
  slot: number,
  selector: VectorSelector,
): RecordOutput['vector'] {
  const vectors = collection.vectorsAt(slot, selector === true ? undefined : (selector as string[]));
  const unnamed = vectors.get(DEFAULT_VECTOR);
  if (unnamed && vectors.size === 1) return vectorOutput(unnamed);
  return Object.fromEntries(Array.from(vectors, ([name, vector]) => [name, vectorOutput(vector)]));
}

function addParts(collection: Collection, slot: number, output: Output, record: RecordOutput): void {
  const payload = selectPayload(collection.points.payloadAt(slot), output.payload);
  if (payload !== undefined) record.payload = payload;
  if (output.vector !== false) record.vector = vectorsOutput(collection, slot, output.vector) ?? {};
}

/** A point as retrieve and scroll show it. */
export function renderRecord(collection: Collection, slot: number, output: Output): RecordOutput {
  const record: RecordOutput = { id: collection.points.idAt(slot) };
  addParts(collection, slot, output, record);
  return record;
}

/** A point as query shows it; the server gives no version to points that it lists and does not score. */
export function renderHit(collection: Collection, hit: Hit, output: Output): ScoredOutput {
  const { points } = collection;
  const { slot, score, listed = false, orderValue } = hit;
  const record: ScoredOutput = {
    id: points.idAt(slot),
    version: listed ? 0 : points.versionAt(slot),
    score: shortFloat32(score),
  };
  addParts(collection, slot, output, record);
  if (orderValue !== undefined) record.order_value = orderValue;
  return record;
}
