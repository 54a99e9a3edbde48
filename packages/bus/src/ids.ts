import { createHash, randomBytes } from 'node:crypto';

/** A UUID version 7 (RFC 9562): sorts by the time it was made. */
export function newId(now: number = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  return format(bytes, 0x70);
}

/**
 * The id of something that follows from something else: the same parts give the same id, on any
 * machine, so that work done twice is recognised. A UUID version 8 (RFC 9562) over SHA-1.
 */
export function derivedId(...parts: readonly (string | number)[]): string {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(`${String(part).length}:${part};`);
  return format(hash.digest().subarray(0, 16), 0x80);
}

/** The id of the batch that a trigger begins. */
export function batchIdOf(triggerId: string): string {
  return derivedId('batch', triggerId);
}

function format(bytes: Buffer, version: number): string {
  bytes[6] = (bytes[6]! & 0x0f) | version;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
