import { formatError, validationError } from '../errors.ts';
import { parseDatetime } from '../filter/datetime.ts';
import type { Bounds, Condition, Match, Range, Scalar } from '../filter/types.ts';
import { parsePath } from '../payload/json-path.ts';
import type { JsonPath } from '../payload/json-path.ts';
import {
  denyUnknown,
  optional,
  readArray,
  readBoolean,
  readObject,
  readString,
  readUnsigned,
} from './read.ts';
import type { Fields } from './read.ts';

const noVariant = (name: string): Error =>
  formatError(`data did not match any variant of untagged enum ${name}`);

export const readKey = (value: unknown): JsonPath => parsePath(readString(value, 'key'));

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

const TEXT_FORMS = { text: 'all', text_any: 'any', phrase: 'phrase' } as const;

function readMatch(value: unknown): Match {
  const fields = readObject(value, 'match');
  if ('value' in fields) {
    if (!isScalar(fields['value'])) throw noVariant('Match');
    return { kind: 'any', values: new Set([fields['value']]) };
  }
  for (const [field, form] of Object.entries(TEXT_FORMS)) {
    if (field in fields) return { kind: 'text', text: readString(fields[field], field), form };
  }
  if ('prefix' in fields) return { kind: 'prefix', prefix: readString(fields['prefix'], 'prefix') };
  if ('any' in fields) return { kind: 'any', values: readVariants(fields['any'], 'any') };
  if ('except' in fields) return { kind: 'except', values: readVariants(fields['except'], 'except') };
  throw noVariant('Match');
}

const BOUNDS = ['lt', 'gt', 'gte', 'lte'];

function readBounds(fields: Fields, read: (value: unknown, field: string) => number): Bounds {
  denyUnknown(fields, BOUNDS);
  const bound = (name: string, otherwise: number): number => optional(fields[name], name, read) ?? otherwise;
  return {
    gt: bound('gt', -Infinity),
    gte: bound('gte', -Infinity),
    lt: bound('lt', Infinity),
    lte: bound('lte', Infinity),
  };
}

function readRange(value: unknown): Range {
  const fields = readObject(value, 'range');
  const datetime = BOUNDS.some((name) => typeof fields[name] === 'string');
  const bounds = readBounds(fields, (bound) => {
    if (!datetime && typeof bound === 'number') return bound;
    const micros = datetime && typeof bound === 'string' ? parseDatetime(bound) : undefined;
    if (micros === undefined) throw noVariant('RangeInterface');
    return micros;
  });
  return { datetime, ...bounds };
}

/** Several tests in one field condition are alternatives, as on the server. */
export function readFieldCondition(fields: Fields): Condition {
  const path = readKey(fields['key']);
  const given: Condition[] = [];
  const match = optional(fields['match'], 'match', readMatch);
  if (match) given.push({ kind: 'match', path, match });
  const range = optional(fields['range'], 'range', readRange);
  if (range) given.push({ kind: 'range', path, range });
  const counts = optional(fields['values_count'], 'values_count', readObject);
  if (counts) {
    const bounds = readBounds(counts, (bound, field) => readUnsigned(bound, field));
    given.push({ kind: 'valuesCount', path, bounds });
  }
  const isEmpty = optional(fields['is_empty'], 'is_empty', readBoolean);
  if (isEmpty !== undefined) given.push({ kind: 'valueEmpty', path, expected: isEmpty });
  const isNull = optional(fields['is_null'], 'is_null', readBoolean);
  if (isNull !== undefined) given.push({ kind: 'valueNull', path, expected: isNull });
  const [first, ...others] = given;
  if (!first) {
    const problem = 'Validation error: At least one field condition must be specified [{}]';
    throw validationError('JSON body', `filter: ${problem}`);
  }
  return others.length === 0 ? first : { kind: 'filter', filter: { must: [], should: given, mustNot: [] } };
}
