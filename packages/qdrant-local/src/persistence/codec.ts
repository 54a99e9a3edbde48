import type { Change, Payload, Point, PointId, SparseVector, Vectors } from '../types.ts';

/*
 * A change as bytes: the length of a JSON header (u32, little-endian), the header padded to a multiple of 4,
 * then the numbers of all vectors as the header lists them. Floats are stored as they are in memory, since as
 * text they would take three times the space and the time.
 */

interface DenseSection {
  name: string;
  /** Length of each row, and which of the points have one. */
  size: number;
  rows: number[];
}

interface SparseSection {
  name: string;
  rows: number[];
  lengths: number[];
}

interface UpsertHeader {
  op: 'upsert';
  ids: PointId[];
  versions: number[];
  payloads: Payload[];
  dense: DenseSection[];
  sparse: SparseSection[];
}

type Header = UpsertHeader | Exclude<Change, { op: 'upsert' }>;

const bytesOf = (array: Float32Array | Uint32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

function addVector(
  header: UpsertHeader,
  sections: Map<string, Uint8Array[]>,
  row: number,
  name: string,
  vector: Float32Array | SparseVector,
): void {
  const parts = sections.get(name) ?? [];
  sections.set(name, parts);
  if (vector instanceof Float32Array) {
    let section = header.dense.find((one) => one.name === name);
    if (!section) header.dense.push((section = { name, size: vector.length, rows: [] }));
    section.rows.push(row);
    parts.push(bytesOf(vector));
  } else {
    let section = header.sparse.find((one) => one.name === name);
    if (!section) header.sparse.push((section = { name, rows: [], lengths: [] }));
    section.rows.push(row);
    section.lengths.push(vector.indices.length);
    parts.push(bytesOf(vector.indices), bytesOf(vector.values));
  }
}

function encodeUpsert(points: Point[]): [Header, Uint8Array[]] {
  const header: UpsertHeader = {
    op: 'upsert',
    ids: points.map((point) => point.id),
    versions: points.map((point) => point.version),
    payloads: points.map((point) => point.payload),
    dense: [],
    sparse: [],
  };
  const sections = new Map<string, Uint8Array[]>();
  points.forEach((point, row) => {
    for (const [name, vector] of point.vectors) addVector(header, sections, row, name, vector);
  });
  const names = [...header.dense, ...header.sparse].map((section) => section.name);
  return [header, names.flatMap((name) => sections.get(name) ?? [])];
}

export function encodeChange(change: Change): Buffer {
  const [header, parts] = change.op === 'upsert' ? encodeUpsert(change.points) : [change, []];
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return Buffer.concat([length, json, Buffer.alloc(-json.length & 3), ...parts]);
}

/** Reads runs of 4-byte numbers: views of the record, which whoever keeps them copies. */
class NumberReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  floats(count: number): Float32Array {
    return new Float32Array(this.#bytes.buffer, this.#take(count), count);
  }

  integers(count: number): Uint32Array {
    return new Uint32Array(this.#bytes.buffer, this.#take(count), count);
  }

  /** Where in the buffer they begin. */
  #take(count: number): number {
    const start = this.#at;
    this.#at += count * 4;
    if (this.#at > this.#bytes.length) throw new Error('record shorter than its header says');
    return this.#bytes.byteOffset + start;
  }
}

function decodeUpsert(header: UpsertHeader, numbers: NumberReader): Change {
  const vectors: Vectors[] = header.ids.map(() => new Map());
  for (const { name, size, rows } of header.dense) {
    for (const row of rows) vectors[row]?.set(name, numbers.floats(size));
  }
  for (const { name, rows, lengths } of header.sparse) {
    rows.forEach((row, position) => {
      const length = lengths[position] as number;
      vectors[row]?.set(name, { indices: numbers.integers(length), values: numbers.floats(length) });
    });
  }
  const points = header.ids.map((id, row) => ({
    id,
    version: header.versions[row] as number,
    payload: header.payloads[row] as Payload,
    vectors: vectors[row] as Vectors,
  }));
  return { op: 'upsert', points };
}

/** The vectors of the change are views of `bytes`. */
export function decodeChange(bytes: Buffer): Change {
  const length = bytes.readUInt32LE(0);
  const header = JSON.parse(bytes.toString('utf8', 4, 4 + length)) as Header;
  if (header.op !== 'upsert') return header;
  // Views of 4-byte numbers begin at multiples of 4.
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return decodeUpsert(header, new NumberReader(aligned, 4 + length + (-length & 3)));
}
