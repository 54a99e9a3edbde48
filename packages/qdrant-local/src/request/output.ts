import { parsePath } from '../payload/json-path.ts';
import type { PayloadSelector } from '../payload/project.ts';
import { badInput, formatError } from '../errors.ts';
import type { CollectionConfig } from './collection-config.ts';
import { isObject, readArray, readString } from './read.ts';
import type { Fields } from './read.ts';

/** Which vectors to return: all, none, or by name. */
export type VectorSelector = boolean | string[];

export interface Output {
  payload: PayloadSelector;
  vector: VectorSelector;
}

const readPaths = (value: unknown, field: string): ReturnType<typeof parsePath>[] =>
  readArray(value, field).map((path) => parsePath(readString(path, field)));

function readPayloadSelector(value: unknown): PayloadSelector {
  if (typeof value === 'boolean') return value;
  if (Array.isArray(value)) return { include: readPaths(value, 'with_payload') };
  if (isObject(value) && 'include' in value) return { include: readPaths(value['include'], 'include') };
  if (isObject(value) && 'exclude' in value) return { exclude: readPaths(value['exclude'], 'exclude') };
  throw formatError('data did not match any variant of untagged enum WithPayloadInterface');
}

function readVectorSelector({ dense, sparse }: CollectionConfig, value: unknown): VectorSelector {
  if (typeof value === 'boolean') return value;
  if (Array.isArray(value)) {
    const names = value.map((name) => readString(name, 'with_vector'));
    const unknown = names.find((name) => !dense.has(name) && !sparse.has(name));
    if (unknown !== undefined) throw badInput(`Not existing vector name error: ${unknown}`);
    return names;
  }
  throw formatError('data did not match any variant of untagged enum WithVector');
}

/** `payload` is what to return when the request does not say: off for query, on for scroll and retrieve. */
export function readOutput(config: CollectionConfig, fields: Fields, payload: boolean): Output {
  const vector = fields['with_vector'] ?? fields['with_vectors'] ?? false;
  return {
    payload: readPayloadSelector(fields['with_payload'] ?? payload),
    vector: readVectorSelector(config, vector),
  };
}
