import { formatError } from '../errors.ts';
import { parseDatetime } from '../filter/datetime.ts';
import { parsePath } from '../payload/json-path.ts';
import type { JsonPath } from '../payload/json-path.ts';
import { isObject, optional, readString } from './read.ts';

export interface OrderBy {
  path: JsonPath;
  descending: boolean;
  /** The first value of the answer; a time in microseconds since 1970 UTC. */
  startFrom: number | undefined;
}

function readDirection(value: unknown): boolean {
  if (value === 'asc' || value === 'desc') return value === 'desc';
  throw formatError(`unknown variant \`${String(value)}\`, expected \`asc\` or \`desc\``);
}

function readStartFrom(value: unknown): number {
  if (typeof value === 'number') return value;
  const micros = typeof value === 'string' ? parseDatetime(value) : undefined;
  if (micros === undefined) {
    throw formatError('data did not match any variant of untagged enum StartFrom');
  }
  return micros;
}

/** Reads `"key"` or `{ key, direction, start_from }`. */
export function readOrderBy(value: unknown): OrderBy {
  const fields = isObject(value) ? value : { key: value };
  return {
    path: parsePath(readString(fields['key'], 'order_by.key')),
    descending: optional(fields['direction'], 'direction', readDirection) ?? false,
    startFrom: optional(fields['start_from'], 'start_from', readStartFrom),
  };
}
