import { formatError } from '../errors.ts';
import { parsePath } from '../payload/json-path.ts';
import type { JsonPath } from '../payload/json-path.ts';
import type { CollectionConfig } from './collection-config.ts';
import { readOutput } from './output.ts';
import type { Output } from './output.ts';
import { readQuery } from './query.ts';
import type { QueryRequest } from './query.ts';
import { isObject, optional, readObject, readString, readUnsigned } from './read.ts';

/** The record of another collection that belongs to each group, by the group's value as its id. */
export interface Lookup {
  collection: string;
  /** What to show of it, read when its collection is known. */
  readOutput: (config: CollectionConfig) => Output;
}

export interface GroupsRequest {
  query: QueryRequest;
  path: JsonPath;
  groups: number;
  size: number;
  lookup: Lookup | undefined;
}

const DEFAULT_GROUPS = 10;
const DEFAULT_SIZE = 3;

function readLookup(value: unknown): Lookup {
  const fields = isObject(value) ? value : { collection: value };
  if (typeof fields['collection'] !== 'string') {
    throw formatError('data did not match any variant of untagged enum WithLookupInterface');
  }
  return {
    collection: fields['collection'],
    readOutput: (config) => readOutput(config, fields, true),
  };
}

const readCount = (value: unknown, field: string): number => readUnsigned(value, field, 1);

/** Reads a query and how to group what it finds. Prefetches fetch as much more as a group is large. */
export function readGroups(config: CollectionConfig, body: unknown): GroupsRequest {
  const fields = readObject(body, 'body');
  const size = optional(fields['group_size'], 'group_size', readCount) ?? DEFAULT_SIZE;
  return {
    query: readQuery(config, { ...fields, limit: undefined, offset: undefined }, size),
    path: parsePath(readString(fields['group_by'], 'group_by')),
    groups: optional(fields['limit'], 'limit', readCount) ?? DEFAULT_GROUPS,
    size,
    lookup: optional(fields['with_lookup'], 'with_lookup', readLookup),
  };
}
