import { formatError, unsupported } from '../errors.ts';
import type { Condition, Filter } from '../filter/types.ts';
import type { JsonPath } from '../payload/json-path.ts';
import { readFieldCondition, readKey } from './field-condition.ts';
import { readPointIds } from './point-id.ts';
import { denyUnknown, isObject, optional, readArray, readObject, readString, readUnsigned } from './read.ts';

/** Filters nest; a request could otherwise nest them until the stack ends. */
const MAX_DEPTH = 64;

const UNSUPPORTED_CONDITIONS: Record<string, string> = {
  slice: 'the slice condition',
  geo_radius: 'the geo_radius condition',
  geo_bounding_box: 'the geo_bounding_box condition',
  geo_polygon: 'the geo_polygon condition',
};

const pathOf = (value: unknown, field: string): JsonPath => readKey(readObject(value, field)['key']);

function readNested(value: unknown, depth: number): Condition {
  const fields = readObject(value, 'nested');
  return { kind: 'nested', path: readKey(fields['key']), filter: readFilterAt(fields['filter'], depth + 1) };
}

function readCondition(value: unknown, depth: number): Condition {
  const fields = readObject(value, 'condition');
  for (const [field, feature] of Object.entries(UNSUPPORTED_CONDITIONS)) {
    if (fields[field] !== undefined && fields[field] !== null) throw unsupported(feature);
  }
  if ('key' in fields) return readFieldCondition(fields);
  if (isObject(fields['is_empty'])) {
    return { kind: 'isEmpty', path: pathOf(fields['is_empty'], 'is_empty') };
  }
  if (isObject(fields['is_null'])) {
    return { kind: 'isNull', path: pathOf(fields['is_null'], 'is_null') };
  }
  if ('has_id' in fields) return { kind: 'hasId', ids: new Set(readPointIds(fields['has_id'], 'has_id')) };
  if ('has_vector' in fields) {
    return { kind: 'hasVector', name: readString(fields['has_vector'], 'has_vector') };
  }
  if ('nested' in fields) return readNested(fields['nested'], depth);
  return { kind: 'filter', filter: readFilterAt(value, depth + 1) };
}

const readConditions = (value: unknown, depth: number): Condition[] => {
  if (value === undefined || value === null) return [];
  const list = Array.isArray(value) ? value : [value];
  return list.map((condition) => readCondition(condition, depth));
};

function readFilterAt(value: unknown, depth: number): Filter {
  if (depth > MAX_DEPTH) throw formatError('recursion limit exceeded');
  const fields = readObject(value, 'filter');
  denyUnknown(fields, ['should', 'min_should', 'must', 'must_not']);
  const filter: Filter = {
    must: readConditions(fields['must'], depth),
    should: readConditions(fields['should'], depth),
    mustNot: readConditions(fields['must_not'], depth),
  };
  if (Array.isArray(fields['should']) && fields['should'].length === 0) filter.emptyShould = true;
  const minShould = optional(fields['min_should'], 'min_should', readObject);
  if (minShould) {
    filter.minShould = {
      conditions: readConditions(readArray(minShould['conditions'], 'conditions'), depth),
      count: readUnsigned(minShould['min_count'], 'min_count'),
    };
  }
  return filter;
}

export const readFilter = (value: unknown): Filter => readFilterAt(value, 0);
