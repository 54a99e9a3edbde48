import { badInput, formatError, unsupported, validationError } from '../errors.ts';
import type { DenseParams, SparseVector } from '../types.ts';
import { isObject, readArray, wrongType } from './read.ts';
import type { Fields } from './read.ts';
import { floats, integers } from './slab.ts';

const MAX_INDEX = 0xffff_ffff;
/** As many positions as fit, beside an index of 32 bits, into a number that is exact. */
const POSITIONS = 2 ** 21;

/** 501 for the forms that need a model or several vectors a point. */
export function refuseVectorForms(value: unknown): void {
  if (Array.isArray(value) && Array.isArray(value[0])) throw unsupported('a multivector');
  if (!isObject(value)) return;
  for (const form of ['text', 'image', 'object']) {
    if (form in value && 'model' in value) throw unsupported(`inference (a vector given as ${form})`);
  }
}

export function readDenseVector(value: unknown, params: DenseParams, field: string): Float32Array {
  refuseVectorForms(value);
  if (isObject(value)) throw badInput('Wrong usage of sparse vectors');
  const numbers = readArray(value, field);
  if (numbers.length !== params.size) {
    throw badInput(`Vector dimension error: expected dim: ${params.size}, got ${numbers.length}`);
  }
  const vector = floats.take(numbers.length);
  for (let position = 0; position < numbers.length; position++) {
    vector[position] = readFloat32(numbers[position], field);
  }
  return params.distance === 'Cosine' ? normalise(vector) : vector;
}

function readFloat32(value: unknown, field: string): number {
  const number = typeof value === 'number' ? Math.fround(value) : Number.NaN;
  if (!Number.isFinite(number)) throw wrongType(field, value, 'f32');
  return number;
}

/** To length 1, in place; a vector of (nearly) no length stays as it is, as on the server. */
function normalise(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  // The server also leaves a vector whose length is 1 within f32's precision untouched.
  if (squares < 1.1920929e-7 || Math.abs(squares - 1) <= 1e-6) return vector;
  const length = Math.sqrt(squares);
  for (let position = 0; position < vector.length; position++) {
    vector[position] = (vector[position] as number) / length;
  }
  return vector;
}

export const isSparseInput = (value: unknown): value is Fields =>
  isObject(value) && 'indices' in value && 'values' in value;

export function readSparseVector(value: unknown, field: string): SparseVector {
  refuseVectorForms(value);
  if (!isSparseInput(value)) {
    if (Array.isArray(value)) throw badInput('Wrong usage of sparse vectors');
    throw formatError(`${field}: data did not match any variant of untagged enum Vector`);
  }
  const indices = readArray(value['indices'], `${field}.indices`);
  const values = readArray(value['values'], `${field}.values`);
  if (indices.length !== values.length) {
    const problem = 'Validation error: must be the same length as indices [{}]';
    throw validationError('JSON body', `${field}.values: ${problem}`);
  }
  // Loops, since `from` with a function takes several times as long, and an upsert has thousands of these.
  const vector = { indices: integers.take(indices.length), values: floats.take(values.length) };
  const valuesField = `${field}.values`;
  for (let i = 0; i < indices.length; i++) {
    vector.indices[i] = readIndex(indices[i], field);
    vector.values[i] = readFloat32(values[i], valuesField);
  }
  return ordered(vector, field);
}

function readIndex(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > MAX_INDEX) {
    throw wrongType(`${field}.indices`, value, 'u32');
  }
  return value;
}

function ordered(vector: SparseVector, field: string): SparseVector {
  const sorted = isAscending(vector.indices) ? vector : sortByIndex(vector);
  if (!isAscending(sorted.indices)) {
    throw validationError('JSON body', `${field}.indices: Validation error: must be unique [{}]`);
  }
  return sorted;
}

function isAscending(indices: Uint32Array): boolean {
  for (let position = 1; position < indices.length; position++) {
    if ((indices[position] as number) <= (indices[position - 1] as number)) return false;
  }
  return true;
}

/** Sorted as numbers of which the index is the upper part and the position the lower: exact below 2^53. */
function sortByIndex({ indices, values }: SparseVector): SparseVector {
  if (indices.length > POSITIONS) throw unsupported(`a sparse vector of more than ${POSITIONS} values`);
  const order = new Float64Array(indices.length);
  for (let i = 0; i < order.length; i++) order[i] = (indices[i] as number) * POSITIONS + i;
  order.sort();
  const sorted = { indices: integers.take(order.length), values: floats.take(order.length) };
  for (let i = 0; i < order.length; i++) {
    const position = (order[i] as number) % POSITIONS;
    sorted.indices[i] = indices[position] as number;
    sorted.values[i] = values[position] as number;
  }
  return sorted;
}
