import { createHash, randomBytes } from 'node:crypto';

/** What tells this process from all others: 62 random bits, drawn once. */
const origin = randomBytes(8);
const ORIGIN = `${((origin[0]! & 0x3f) | 0x80).toString(16)}${origin.toString('hex', 1, 2)}-${origin.toString('hex', 2)}`;

let lastMs = 0;
let sequence = 0;
let prefix = '';

/**
 * A UUID version 7 (RFC 9562): time, a counter within the millisecond, and the process. Sorts by the
 * time it was made, also within a process and a millisecond; costs no cryptography an id.
 */
export function newId(now: number = Date.now()): string {
  if (now > lastMs) {
    lastMs = now;
    sequence = 0;
    prefix = prefixOf(now);
  } else if (++sequence > 0xfff) {
    // The counter is full: time runs ahead a little, as the RFC has it. So it does when a clock goes back.
    sequence = 0;
    prefix = prefixOf(++lastMs);
  }
  return `${prefix}${(0x7000 | sequence).toString(16)}-${ORIGIN}`;
}

function prefixOf(ms: number): string {
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-`;
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

/**
 * {@link derivedId} of an event's output, for every event that passes: a hash of 128 bits that is fast
 * and well mixed (MurmurHash3's finaliser over four lanes), not one that withstands an adversary.
 */
export function outputId(input: string, service: string, ordinal: number, event: string): string {
  let [a, b, c, d] = seedOf(service, event);
  a ^= ordinal;
  // Two lanes over the text, side by side; all four are mixed afterwards.
  for (let i = 0; i < input.length; i++) {
    const k = input.charCodeAt(i);
    a = Math.imul(a ^ k, 0x85ebca6b) ^ (a >>> 15);
    b = Math.imul(b ^ k, 0xc2b2ae35) ^ (b >>> 13);
  }
  for (let round = 0; round < 2; round++) {
    a = mix(a + d);
    b = mix(b + a);
    c = mix(c + b);
    d = mix(d + c);
  }
  writeHex(a, 0);
  writeHex((b & 0xffff0fff) | 0x8000, 9);
  writeHex((c & 0x3fffffff) | 0x80000000, 19);
  writeHex(d, 28);
  return text.toString('latin1');
}

const digits = Buffer.from('0123456789abcdef');
const text = Buffer.alloc(36, '-');

/** Eight hex digits into the shape of a UUID, leaving out the places of its dashes. */
function writeHex(word: number, at: number): void {
  for (let shift = 28; shift >= 0; shift -= 4) {
    if (at === 8 || at === 13 || at === 18 || at === 23) at++;
    text[at++] = digits[(word >>> shift) & 15]!;
  }
}

type Seed = readonly [number, number, number, number];
const seeds = new Map<string, Map<string, Seed>>();

function seedOf(service: string, event: string): Seed {
  let known = seeds.get(service);
  if (!known) seeds.set(service, (known = new Map()));
  let seed = known.get(event);
  if (!seed) {
    const hash = createHash('sha1').update(`${service}\n${event}`).digest();
    seed = [hash.readInt32LE(0), hash.readInt32LE(4), hash.readInt32LE(8), hash.readInt32LE(12)];
    known.set(event, seed);
  }
  return seed;
}

function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
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
