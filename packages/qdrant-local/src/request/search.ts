import type { CollectionConfig } from './collection-config.ts';
import { readGroups } from './groups.ts';
import type { GroupsRequest } from './groups.ts';
import { readQuery } from './query.ts';
import type { QueryRequest } from './query.ts';
import { isObject, readObject, readUnsigned, wrongType } from './read.ts';
import type { Fields } from './read.ts';

/*
 * The API before query: a vector where a query now stands, `limit` (and `group_size`) not optional, and the
 * name of the vector beside its numbers.
 */

/** Reads `[0.1, ...]` or `{ name, vector }`; ids are not searched with here. */
function asQuery(body: unknown): Fields {
  const fields = readObject(body, 'body');
  const { vector } = fields;
  const named = isObject(vector) && 'vector' in vector ? vector : { name: undefined, vector };
  if (!Array.isArray(named['vector']) && !isObject(named['vector'])) {
    throw wrongType('vector', named['vector'], 'a vector');
  }
  const prefetch = undefined;
  return { ...fields, prefetch, query: { nearest: named['vector'] }, using: named['name'] };
}

export function readSearch(config: CollectionConfig, body: unknown): QueryRequest {
  const fields = asQuery(body);
  readUnsigned(fields['limit'], 'limit', 1);
  return readQuery(config, fields);
}

export function readSearchGroups(config: CollectionConfig, body: unknown): GroupsRequest {
  const fields = asQuery(body);
  readUnsigned(fields['limit'], 'limit', 1);
  readUnsigned(fields['group_size'], 'group_size', 1);
  return readGroups(config, fields);
}
