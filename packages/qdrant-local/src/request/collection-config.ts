import { badInput, formatError, unsupported, validationError } from '../errors.ts';
import { DEFAULT_VECTOR } from '../types.ts';
import type { DenseParams, Distance, JsonObject, SparseParams } from '../types.ts';
import { readPayload } from './payload.ts';
import { isObject, optional, readObject, readUnsigned, refuse } from './read.ts';
import type { Fields } from './read.ts';

/** What a collection is made of. `request` is the body that made it: kept on disk and shown in its info. */
export interface CollectionConfig {
  dense: Map<string, DenseParams>;
  sparse: Map<string, SparseParams>;
  request: JsonObject;
}

const DISTANCES: readonly string[] = ['Cosine', 'Euclid', 'Dot', 'Manhattan'];
const MAX_DIMENSION = 65_536;

function readDistance(value: unknown): Distance {
  if (typeof value === 'string' && DISTANCES.includes(value)) return value as Distance;
  if (value === undefined) throw formatError('missing field `distance`');
  const expected = DISTANCES.map((name) => `\`${name}\``).join(', ');
  throw formatError(`unknown variant \`${String(value)}\`, expected one of ${expected}`);
}

function refuseDatatype(value: unknown): void {
  if (value !== undefined && value !== null && value !== 'float32') {
    throw unsupported(`vector datatype ${String(value)}`);
  }
}

function readDense(value: unknown, field: string): DenseParams {
  const fields = readObject(value, field);
  refuse(fields, { multivector_config: 'multivectors' });
  refuseDatatype(fields['datatype']);
  const size = readUnsigned(fields['size'], 'size');
  if (size < 1 || size > MAX_DIMENSION) {
    const range = `must be from 1 to ${MAX_DIMENSION}`;
    throw validationError('JSON body', `${field}.size: value ${size} invalid, ${range}`);
  }
  checkHnsw(fields['hnsw_config'], `${field}.hnsw_config`);
  return { size, distance: readDistance(fields['distance']) };
}

function readVectors(value: unknown): Map<string, DenseParams> {
  if (value === undefined || value === null) return new Map();
  const fields = readObject(value, 'vectors');
  const single = 'size' in fields && !isObject(fields['size']);
  if (single) return new Map([[DEFAULT_VECTOR, readDense(fields, 'vectors')]]);
  return new Map(
    Object.entries(fields).map(([name, params]) => [name, readDense(params, `vectors.${name}`)]),
  );
}

function readSparse(value: unknown, field: string): SparseParams {
  const fields = readObject(value, field);
  refuseDatatype((optional(fields['index'], `${field}.index`, readObject) ?? {})['datatype']);
  const modifier = fields['modifier'] ?? 'none';
  if (modifier !== 'none' && modifier !== 'idf') {
    throw formatError(`unknown variant \`${String(modifier)}\`, expected \`none\` or \`idf\``);
  }
  return { idf: modifier === 'idf' };
}

/** Graph settings change nothing here (search is exact), but a wrong one is wrong for the server too. */
function checkHnsw(value: unknown, field: string): void {
  const fields = optional(value, field, readObject);
  if (!fields) return;
  optional(fields['m'], `${field}.m`, readUnsigned);
  optional(fields['ef_construct'], `${field}.ef_construct`, (number, at) => readUnsigned(number, at, 4));
}

function refuseFeatures(fields: Fields): void {
  refuse(fields, { init_from: 'initialising a collection from another' });
  if (fields['sharding_method'] === 'custom') throw unsupported('custom sharding');
  const strict = optional(fields['strict_mode_config'], 'strict_mode_config', readObject);
  if (strict?.['enabled'] === true) throw unsupported('strict mode');
}

/** The server takes two fields by another name too. */
function withAliases({ quantization, ...fields }: Fields): Fields {
  return quantization === undefined ? fields : { quantization_config: quantization, ...fields };
}

/** Reads the body of a collection's creation. */
export function readCollectionConfig(body: unknown): CollectionConfig {
  const fields = withAliases(readObject(body, 'body'));
  refuseFeatures(fields);
  checkHnsw(fields['hnsw_config'], 'hnsw_config');
  for (const count of ['shard_number', 'replication_factor', 'write_consistency_factor']) {
    optional(fields[count], count, (value) => readUnsigned(value, count, 1));
  }
  optional(fields['metadata'], 'metadata', readPayload);
  const dense = readVectors(fields['vectors']);
  const sparse = new Map(
    Object.entries(optional(fields['sparse_vectors'], 'sparse_vectors', readObject) ?? {}).map(
      ([name, params]) => [name, readSparse(params ?? {}, `sparse_vectors.${name}`)],
    ),
  );
  for (const name of sparse.keys()) {
    if (dense.has(name)) throw badInput(`Vector name \`${name}\` is used for both dense and sparse vectors`);
  }
  return { dense, sparse, request: fields as JsonObject };
}

const FORBIDDEN_IN_NAMES = ['<', '>', ':', '"', '/', '\\', '|', '?', '*'];
const CONTROL = /\p{Cc}/u;

/** Checks a name in a path; `creating` adds the rules for new names. */
export function checkCollectionName(name: string, creating = false): void {
  const length = [...name].length;
  if (length < 1 || length > 255) {
    throw validationError(
      'path parameters',
      `name: value "${name}" invalid, must be from 1 to 255 characters`,
    );
  }
  const control = CONTROL.exec(name)?.[0];
  if (control !== undefined) {
    const problem = `collection name cannot contain ${JSON.stringify(control)} char`;
    throw validationError('path parameters', `name: ${problem}`);
  }
  const wrong = creating ? FORBIDDEN_IN_NAMES.find((character) => name.includes(character)) : undefined;
  if (wrong !== undefined) {
    throw validationError('path parameters', `name: collection name cannot contain "${wrong}" char`);
  }
}
