import { formatError } from '../errors.ts';
import type { Payload } from '../types.ts';
import { optional, readObject } from './read.ts';

/** The depth at which the server's parser gives up. Deeper values could be taken in but not written out again. */
const MAX_DEPTH = 128;

function checkDepth(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth >= MAX_DEPTH) throw formatError('recursion limit exceeded');
  for (const child of Object.values(value)) checkDepth(child, depth + 1);
}

export function readPayload(value: unknown, field: string): Payload {
  const payload = readObject(value, field);
  checkDepth(payload, 1);
  return payload as Payload;
}

/** Absent and null both mean a payload with nothing in it. */
export const readOptionalPayload = (value: unknown, field: string): Payload =>
  optional(value, field, readPayload) ?? {};
