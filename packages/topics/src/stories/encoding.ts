import type { Item } from './items.ts';
import { pack, widthOf } from './vectors.ts';
import type { Vector } from './vectors.ts';
import type { Vocabulary } from './vocabulary.ts';

type Encoded = Pick<Item, 'own' | 'wide' | 'terms' | 'at' | 'key'>;

const FORMAT = 1;
const HEAD = 9;
const ENTRY = 6;

/**
 * What cannot be had again from a headline alone: its vectors, weighed by the window of their day, and what its item was
 * begun with. Bytes, little-endian: format (1), when it began (float64), three lists of (hash uint32, number
 * uint16) after their lengths (uint16): terms with counts, own vector, wide vector; then the key, UTF-8, after its length (uint16).
 */
export function encodeVectors({ terms, own, wide, at, key }: Item, vocabulary: Vocabulary): Uint8Array {
  const vectors = [terms, own, wide];
  const text = new TextEncoder().encode(key);
  const entries = vectors.reduce((sum, vector) => sum + widthOf(vector), 0);
  const bytes = new Uint8Array(HEAD + (vectors.length + 1) * 2 + entries * ENTRY + text.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, FORMAT);
  view.setFloat64(1, at, true);
  let place = HEAD;
  for (const vector of vectors) {
    const entries = hashedEntries(vector, vocabulary);
    view.setUint16(place, entries.length, true);
    place += 2;
    for (const [hash, weight] of entries) {
      view.setUint32(place, hash, true);
      view.setUint16(place + 4, weight, true);
      place += ENTRY;
    }
  }
  view.setUint16(place, text.length, true);
  bytes.set(text, place + 2);
  return bytes;
}

/** By hash: the columns are numbered in the order in which a window has met them, and the bytes are to be the same. */
function hashedEntries(vector: Vector, vocabulary: Vocabulary): [hash: number, weight: number][] {
  const width = widthOf(vector);
  return Array.from(vector.subarray(0, width), (column, k): [number, number] => [
    vocabulary.hashOf(column),
    vector[width + k]!,
  ]).sort(([a], [b]) => a - b);
}

/** @throws TypeError where the bytes are of another format or torn */
export function decodeVectors(bytes: Uint8Array, vocabulary: Vocabulary): Encoded {
  if (bytes.length < HEAD || bytes[0] !== FORMAT) {
    throw new TypeError(
      `stored headline of format ${bytes[0]}, ${bytes.length} bytes: this is format ${FORMAT}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let place = HEAD;
  const next = (): Vector => {
    const width = view.getUint16(place, true);
    const entries: [number, number][] = [];
    place += 2;
    for (let k = 0; k < width; k += 1, place += ENTRY) {
      entries.push([vocabulary.columnOf(view.getUint32(place, true)), view.getUint16(place + 4, true)]);
    }
    // The columns of this window are numbered in another order than those of the one that was stored.
    entries.sort(([a], [b]) => a - b);
    return pack(
      entries.map(([column]) => column),
      entries.map(([, weight]) => weight),
    );
  };
  try {
    const [terms, own, wide] = [next(), next(), next()];
    const end = place + 2 + view.getUint16(place, true);
    if (end !== bytes.length) throw new RangeError(`ends at ${end}`);
    const key = new TextDecoder().decode(bytes.subarray(place + 2));
    return { terms, own, wide, at: view.getFloat64(1, true), key };
  } catch (cause) {
    throw new TypeError(`stored headline of ${bytes.length} bytes is torn`, { cause });
  }
}
