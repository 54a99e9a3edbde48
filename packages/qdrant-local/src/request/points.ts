import { badInput, formatError, validationError } from '../errors.ts';
import type { Filter } from '../filter/types.ts';
import { DEFAULT_VECTOR } from '../types.ts';
import type { Point, PointId, Vectors } from '../types.ts';
import type { CollectionConfig } from './collection-config.ts';
import { readFilter } from './filter.ts';
import { readOptionalPayload } from './payload.ts';
import { readPointId, readPointIds } from './point-id.ts';
import { isObject, optional, readArray, readObject, readString, refuse } from './read.ts';
import type { Fields } from './read.ts';
import { readDenseVector, readSparseVector, refuseVectorForms } from './vector.ts';

/** A point as asked for: without the version, which the collection gives. */
export type NewPoint = Omit<Point, 'version'>;

/** What an upsert does where a point is there already, or is not. */
export type UpdateMode = 'upsert' | 'insert_only' | 'update_only';

export interface Upsert {
  points: NewPoint[];
  mode: UpdateMode;
  /** Points that are there are changed only where this passes. */
  filter: Filter | undefined;
}

export interface VectorsUpdate {
  points: { id: PointId; vectors: Vectors }[];
  filter: Filter | undefined;
}

const SHARDING = { shard_key: 'a shard key' };
const MODES: readonly string[] = ['upsert', 'insert_only', 'update_only'];

function readMode(value: unknown): UpdateMode {
  if (typeof value === 'string' && MODES.includes(value)) return value as UpdateMode;
  const expected = MODES.map((mode) => `\`${mode}\``).join(', ');
  throw formatError(`unknown variant \`${String(value)}\`, expected one of ${expected}`);
}

const readCondition = (fields: Fields): Filter | undefined =>
  optional(fields['update_filter'], 'update_filter', readFilter);

function readNamedVector(
  config: CollectionConfig,
  name: string,
  value: unknown,
  at: string,
  vectors: Vectors,
): void {
  const dense = config.dense.get(name);
  if (dense) vectors.set(name, readDenseVector(value, dense, at));
  else if (config.sparse.has(name)) vectors.set(name, readSparseVector(value, at));
  else throw badInput(`Not existing vector name error: ${name}`);
}

/** Reads `[0.1, ...]` or `{ name: vector, ... }`; `at` is where in the body, for the message. */
export function readVectors(config: CollectionConfig, value: unknown, at: string): Vectors {
  if (value === undefined) throw formatError('missing field `vector`');
  const vectors: Vectors = new Map();
  refuseVectorForms(value);
  if (Array.isArray(value)) readNamedVector(config, DEFAULT_VECTOR, value, at, vectors);
  else if (isObject(value)) {
    for (const [name, vector] of Object.entries(value)) {
      // The server has no name to show at this place of the path and writes `?`; clients match on it.
      readNamedVector(config, name, vector, `${at}.?`, vectors);
    }
  } else throw formatError('data did not match any variant of untagged enum VectorStruct');
  return vectors;
}

function readPoint(config: CollectionConfig, value: unknown, position: number): NewPoint {
  const fields = readObject(value, `points[${position}]`);
  if (fields['id'] === undefined) throw formatError('missing field `id`');
  return {
    id: readPointId(fields['id']),
    vectors: readVectors(config, fields['vector'], `points[${position}].vector`),
    payload: readOptionalPayload(fields['payload'], `points[${position}].payload`),
  };
}

/** One vector struct a point, from columns: `[[...], ...]` or `{ name: [vector, ...] }`. */
function readColumns(vectors: unknown, count: number): unknown[] {
  const checked = (column: unknown, field: string): unknown[] => {
    const rows = readArray(column, field);
    if (rows.length !== count) {
      const problem = `number of ids and vectors must be equal (${count} != ${rows.length})`;
      throw validationError('JSON body', `batch: ${problem}`);
    }
    return rows;
  };
  if (Array.isArray(vectors)) return checked(vectors, 'vectors');
  const columns = Object.entries(readObject(vectors, 'vectors')).map(
    ([name, column]) => [name, checked(column, `vectors.${name}`)] as const,
  );
  return Array.from({ length: count }, (_, row) =>
    Object.fromEntries(columns.map(([name, rows]) => [name, rows[row]])),
  );
}

function readBatch(config: CollectionConfig, batch: Fields): NewPoint[] {
  const ids = readPointIds(batch['ids'], 'ids');
  const vectors = readColumns(batch['vectors'], ids.length);
  const payloads = optional(batch['payloads'], 'payloads', readArray) ?? [];
  if (payloads.length > 0 && payloads.length !== ids.length) {
    const problem = `number of ids and payloads must be equal (${ids.length} != ${payloads.length})`;
    throw validationError('JSON body', `batch: ${problem}`);
  }
  return ids.map((id, row) => ({
    id,
    vectors: readVectors(config, vectors[row], `batch.vectors[${row}]`),
    payload: readOptionalPayload(payloads[row], `payloads[${row}]`),
  }));
}

function readPoints(config: CollectionConfig, fields: Fields): NewPoint[] {
  if (isObject(fields['batch'])) return readBatch(config, fields['batch']);
  if (fields['points'] === undefined) {
    throw formatError('data did not match any variant of untagged enum PointInsertOperations');
  }
  return readArray(fields['points'], 'points').map((point, position) => readPoint(config, point, position));
}

/** Reads an upsert in its list form (`points`) or its column form (`batch`). */
export function readUpsert(config: CollectionConfig, body: unknown): Upsert {
  const fields = readObject(body, 'body');
  refuse(fields, SHARDING);
  const mode = optional(fields['update_mode'], 'update_mode', readMode) ?? 'upsert';
  return { points: readPoints(config, fields), mode, filter: readCondition(fields) };
}

/** Reads new vectors of points that are there. */
export function readVectorsUpdate(config: CollectionConfig, body: unknown): VectorsUpdate {
  const fields = readObject(body, 'body');
  refuse(fields, SHARDING);
  const points = readArray(fields['points'], 'points');
  if (points.length === 0) {
    throw validationError('JSON body', 'points: value [] invalid, must not be empty');
  }
  return {
    points: points.map((point, position) => {
      const { id, vector } = readObject(point, `points[${position}]`);
      if (id === undefined) throw formatError('missing field `id`');
      const vectors = readVectors(config, vector, `points[${position}].vector`);
      if (vectors.size === 0) {
        const problem = 'must specify vectors to update for point';
        throw validationError('JSON body', `points[${position}].vector: ${problem}`);
      }
      return { id: readPointId(id), vectors };
    }),
    filter: readCondition(fields),
  };
}

/** Reads the names of vectors, each of which the collection has. */
export function readVectorNames({ dense, sparse }: CollectionConfig, value: unknown): string[] {
  const names = readArray(value, 'vector').map((name) => readString(name, 'vector'));
  if (names.length === 0) {
    throw validationError('JSON body', 'vector: value [] invalid, must not be empty');
  }
  const unknown = names.find((name) => !dense.has(name) && !sparse.has(name));
  if (unknown !== undefined) throw badInput(`Not existing vector name error: ${unknown}`);
  return names;
}
