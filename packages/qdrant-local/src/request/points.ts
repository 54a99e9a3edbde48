import { badInput, formatError, validationError } from '../errors.ts';
import { DEFAULT_VECTOR } from '../types.ts';
import type { Point, Vectors } from '../types.ts';
import type { CollectionConfig } from './collection-config.ts';
import { readOptionalPayload } from './payload.ts';
import { readPointId, readPointIds } from './point-id.ts';
import { isObject, optional, readArray, readObject, refuse } from './read.ts';
import type { Fields } from './read.ts';
import { readDenseVector, readSparseVector, refuseVectorForms } from './vector.ts';

/** A point as asked for: without the version, which the collection gives. */
export type NewPoint = Omit<Point, 'version'>;

const REFUSED = {
  shard_key: 'a shard key',
  update_filter: 'a conditional upsert (update_filter)',
  update_mode: 'update_mode',
};

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

/** Reads an upsert in its list form (`points`) or its column form (`batch`). */
export function readUpsert(config: CollectionConfig, body: unknown): NewPoint[] {
  const fields = readObject(body, 'body');
  refuse(fields, REFUSED);
  if (isObject(fields['batch'])) return readBatch(config, fields['batch']);
  if (fields['points'] === undefined) {
    throw formatError('data did not match any variant of untagged enum PointInsertOperations');
  }
  return readArray(fields['points'], 'points').map((point, position) => readPoint(config, point, position));
}
