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

/** A point as query shows it. */
export function renderHit(collection: Collection, { slot, score }: Hit, output: Output): ScoredOutput {
  const { points } = collection;
  const record: ScoredOutput = {
    id: points.idAt(slot),
    version: points.versionAt(slot),
    score: shortFloat32(score),
  };
  addParts(collection, slot, output, record);
  return record;
}
