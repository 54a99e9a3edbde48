import { formatError, unsupported, validationError } from '../errors.ts';

/** A JSON object whose fields are not yet checked. */
export type Fields = Record<string, unknown>;

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'sequence';
  if (typeof value === 'object') return 'map';
  return typeof value === 'string'
    ? `string "${value.slice(0, 60)}"`
    : `${typeof value} \`${String(value)}\``;
};

export function wrongType(field: string, value: unknown, expected: string): Error {
  if (value !== undefined) {
    return formatError(`${field}: invalid type: ${kindOf(value)}, expected ${expected}`);
  }
  if (field === 'body') return formatError('EOF while parsing a value at line 1 column 0');
  return formatError(`missing field \`${field}\``);
}

export function readObject(value: unknown, field: string): Fields {
  if (!isObject(value)) throw wrongType(field, value, 'a map');
  return value;
}

export function readArray(value: unknown, field: string): unknown[] {
  if (!Array.isArray(value)) throw wrongType(field, value, 'a sequence');
  return value;
}

export function readString(value: unknown, field: string): string {
  if (typeof value !== 'string') throw wrongType(field, value, 'a string');
  return value;
}

export function readBoolean(value: unknown, field: string): boolean {
  if (typeof value !== 'boolean') throw wrongType(field, value, 'a boolean');
  return value;
}

export function readNumber(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrongType(field, value, 'a number');
  return value;
}

/** An unsigned integer of at least `min`; below it the server's 422, not an integer its 400. */
export function readUnsigned(value: unknown, field: string, min = 0): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw wrongType(field, value, 'an unsigned integer');
  }
  if (value < min) {
    throw validationError('JSON body', `${field}: value ${value} invalid, must be ${min} or larger`);
  }
  return value;
}

/** Applies `read` unless the field is absent or null, which both mean "not given" to the server. */
export function optional<T>(
  value: unknown,
  field: string,
  read: (value: unknown, field: string) => T,
): T | undefined {
  return value === undefined || value === null ? undefined : read(value, field);
}

/** 501 for each field that is given and that this package does not act on. */
export function refuse(fields: Fields, features: Record<string, string>): void {
  for (const [field, feature] of Object.entries(features)) {
    if (fields[field] !== undefined && fields[field] !== null) throw unsupported(feature);
  }
}

/** What the server refuses of structures that deny unknown fields. */
export function denyUnknown(fields: Fields, known: readonly string[]): void {
  for (const field of Object.keys(fields)) {
    if (!known.includes(field)) {
      const list = known.map((name) => `\`${name}\``).join(', ');
      throw formatError(`unknown field \`${field}\`, expected one of ${list}`);
    }
  }
}
