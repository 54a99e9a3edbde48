import { formatError, unsupported } from '../errors.ts';
import { parseDatetime } from '../filter/datetime.ts';
import type { Condition, Filter, Match, Range, Scalar } from '../filter/types.ts';
import { parsePath } from '../payload/json-path.ts';
import type { JsonPath } from '../payload/json-path.ts';
import { readPointIds } from './point-id.ts';
import {
  denyUnknown,
  isObject,
  optional,
  readArray,
  readBoolean,
  readObject,
  readString,
  readUnsigned,
} from './read.ts';
import type { Fields } from './read.ts';

/** Filters nest; a request could otherwise nest them until the stack ends. */
const MAX_DEPTH = 64;

const UNSUPPORTED_CONDITIONS: Record<string, string> = {
  nested: 'the nested condition',
  has_vector: 'the has_vector condition',
  slice: 'the slice condition',
  geo_radius: 'the geo_radius condition',
  geo_bounding_box: 'the geo_bounding_box condition',
  geo_polygon: 'the geo_polygon condition',
  values_count: 'the values_count condition',
};

const noVariant = (name: string): Error =>
  formatError(`data did not match any variant of untagged enum ${name}`);

const readKey = (value: unknown): JsonPath => parsePath(readString(value, 'key'));

const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'string' || typeof value === 'boolean' || Number.isInteger(value);

/** The server keeps lists of one type: all strings or all integers. */
function readVariants(value: unknown, field: string): ReadonlySet<Scalar> {
  const values = readArray(value, field);
  const oneType =
    values.every((item) => typeof item === 'string') || values.every((item) => Number.isInteger(item));
  if (!oneType) throw noVariant('AnyVariants');
  return new Set(values as Scalar[]);
}

function readMatch(value: unknown): Match {
  const fields = readObject(value, 'match');
  if ('value' in fields) {
    if (!isScalar(fields['value'])) throw noVariant('Match');
    return { kind: 'any', values: new Set([fields['value']]) };
  }
  if ('any' in fields) return { kind: 'any', values: readVariants(fields['any'], 'any') };
  if ('except' in fields) return { kind: 'except', values: readVariants(fields['except'], 'except') };
  if ('text' in fields) return { kind: 'text', text: readString(fields['text'], 'text') };
  for (const form of ['text_any', 'phrase', 'prefix']) {
    if (form in fields) throw unsupported(`match.${form}`);
  }
  throw noVariant('Match');
}

function readBound(value: unknown, datetime: boolean, otherwise: number): number {
  if (value === undefined || value === null) return otherwise;
  if (!datetime && typeof value === 'number') return value;
  const micros = datetime && typeof value === 'string' ? parseDatetime(value) : undefined;
  if (micros === undefined) throw noVariant('RangeInterface');
  return micros;
}

function readRange(value: unknown): Range {
  const fields = readObject(value, 'range');
  denyUnknown(fields, ['lt', 'gt', 'gte', 'lte']);
  const datetime = Object.values(fields).some((bound) => typeof bound === 'string');
  return {
    datetime,
    gt: readBound(fields['gt'], datetime, -Infinity),
    gte: readBound(fields['gte'], datetime, -Infinity),
    lt: readBound(fields['lt'], datetime, Infinity),
    lte: readBound(fields['lte'], datetime, Infinity),
  };
}

/** Several tests in one field condition are alternatives, as on the server. */
function readFieldCondition(fields: Fields): Condition {
  const path = readKey(fields['key']);
  const given: Condition[] = [];
  const match = optional(fields['match'], 'match', readMatch);
  if (match) given.push({ kind: 'match', path, match });
  const range = optional(fields['range'], 'range', readRange);
  if (range) given.push({ kind: 'range', path, range });
  const isEmpty = optional(fields['is_empty'], 'is_empty', readBoolean);
  if (isEmpty !== undefined) given.push({ kind: 'isEmpty', path, expected: isEmpty });
  const isNull = optional(fields['is_null'], 'is_null', readBoolean);
  if (isNull !== undefined) given.push({ kind: 'isNull', path, expected: isNull });
  const [first, ...others] = given;
  if (!first) throw formatError('At least one field condition must be specified');
  return others.length === 0 ? first : { kind: 'filter', filter: { must: [], should: given, mustNot: [] } };
}

const pathOf = (value: unknown, field: string): JsonPath => readKey(readObject(value, field)['key']);

function readCondition(value: unknown, depth: number): Condition {
  const fields = readObject(value, 'condition');
  for (const [field, feature] of Object.entries(UNSUPPORTED_CONDITIONS)) {
    if (fields[field] !== undefined && fields[field] !== null) throw unsupported(feature);
  }
  if ('key' in fields) return readFieldCondition(fields);
  if (isObject(fields['is_empty'])) {
    return { kind: 'isEmpty', path: pathOf(fields['is_empty'], 'is_empty'), expected: true };
  }
  if (isObject(fields['is_null'])) {
    return { kind: 'isNull', path: pathOf(fields['is_null'], 'is_null'), expected: true };
  }
  if ('has_id' in fields) return { kind: 'hasId', ids: new Set(readPointIds(fields['has_id'], 'has_id')) };
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
