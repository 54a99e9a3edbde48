import { badInput, formatError, unsupported } from '../errors.ts';
import type { PointId } from '../types.ts';
import { readArray } from './read.ts';

const UUID_HEX = /^[0-9a-f]{32}$/;
const HYPHENATED = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The lower-case hyphenated form of any spelling of a UUID that the server takes, or undefined. */
export function canonicalUuid(text: string): string | undefined {
  const lower = text.toLowerCase();
  if (HYPHENATED.test(lower)) return lower;
  const bare = lower.replace(/^urn:uuid:/, '').replace(/^\{(.*)\}$/, '$1');
  if (HYPHENATED.test(bare)) return bare;
  if (!UUID_HEX.test(bare)) return undefined;
  return [bare.slice(0, 8), bare.slice(8, 12), bare.slice(12, 16), bare.slice(16, 20), bare.slice(20)].join(
    '-',
  );
}

const safeInteger = (value: number): number => {
  // JSON.parse has already rounded it: the id that was meant is lost, so no answer can be the right one.
  if (!Number.isSafeInteger(value)) throw unsupported('a point id above 2^53 - 1');
  return value;
};

export function readPointId(value: unknown): PointId {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return safeInteger(value);
  const uuid = typeof value === 'string' ? canonicalUuid(value) : undefined;
  if (uuid !== undefined) return uuid;
  throw formatError(
    `value ${typeof value === 'string' ? value : JSON.stringify(value)} is not a valid point ID, ` +
      'valid values are either an unsigned integer or a UUID',
  );
}

export const readPointIds = (value: unknown, field: string): PointId[] =>
  readArray(value, field).map(readPointId);

/** A point id in a path, where it is always text. */
export function parsePointId(text: string): PointId {
  if (/^\d+$/.test(text)) return safeInteger(Number(text));
  const uuid = canonicalUuid(text);
  if (uuid === undefined) throw badInput(`Can not recognize "${text}" as point id`);
  return uuid;
}

/** Numbers before UUIDs, each ascending: the order of scroll. */
export function comparePointIds(a: PointId, b: PointId): number {
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1;
  if (typeof b === 'number') return 1;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
