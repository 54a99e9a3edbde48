import type { Kernel, SharedMemory } from './shared-memory.ts';

/*
 * Rows of a dense vector in 8 bits a number, from which bounds of inner products are quick to compute.
 *
 * A row x is kept as c = round(x / s) with s = max|x_i| / 127, a query q for the time of a scan as k = round(q / t)
 * in 16 bits. What that leaves out of the product is bounded by Cauchy and Schwarz:
 *   x.q = s t (c.k) + (x - s c).q + s c.(q - t k) <= s t (c.k) + |x - s c| |q| + |s c| |q - t k|
 * SLACK stands for the rounding of these sums to 32 bits.
 */

const SLACK = 2e-6;
const MAX_CODE = 127;
const MAX_QUERY_CODE = 32_767;
/** Smaller numbers are taken for zero: dividing by their largest would overflow. The error term has them. */
const TINY = 1e-30;
/** A segment is a power of two of rows, about so many bytes, so that one fits into a core's cache. */
const SEGMENT_BYTES = 128 * 1024;
const MAX_SEGMENT_ROWS = 1024;
const MIN_SEGMENT_ROWS = 16;
const META = 4;

/** A query as the kernel takes it; `address` is of a block of its own. */
export interface CodedQuery {
  address: number;
  bytes: number;
  unit: number;
  a: number;
  b: number;
}

export const segmentRows = (size: number): number => {
  const fitting = 2 ** Math.floor(Math.log2(SEGMENT_BYTES / size));
  return Math.min(MAX_SEGMENT_ROWS, Math.max(MIN_SEGMENT_ROWS, fitting));
};

const norm = (vector: Float32Array): number => {
  let squares = 0;
  for (let i = 0; i < vector.length; i++) squares += (vector[i] as number) ** 2;
  return Math.sqrt(squares);
};

export class Codes {
  readonly #shared: SharedMemory;
  /** Bytes a row: the size, filled up with zeros to a multiple of 8. */
  readonly width: number;
  /** Rows a segment, and the power of two that they are. */
  readonly rows: number;
  readonly #shift: number;
  /** Whether the bounds are of x.q - |x|^2 / 2, which orders by Euclidean distance, instead of x.q. */
  readonly #euclid: boolean;
  readonly #segmentBytes: number;
  readonly segments: number[] = [];
  readonly #codes: Int8Array[] = [];
  readonly #meta: Float32Array[] = [];

  constructor(shared: SharedMemory, size: number, euclid: boolean) {
    this.#shared = shared;
    this.#euclid = euclid;
    this.width = Math.ceil(size / 8) * 8;
    this.rows = segmentRows(size);
    this.#shift = Math.log2(this.rows);
    this.#segmentBytes = this.rows * (this.width + META * 4);
  }

  get slots(): number {
    return this.segments.length * this.rows;
  }

  set(slot: number, vector: Float32Array): void {
    while (slot >= this.slots) this.#addSegment();
    const segment = slot >>> this.#shift;
    const row = slot & (this.rows - 1);
    const codes = this.#codes[segment] as Int8Array;
    const meta = this.#meta[segment] as Float32Array;
    const start = row * this.width;
    const scale = largest(vector) / MAX_CODE;
    const inverse = scale > TINY ? 1 / scale : 0;
    let errors = 0;
    let squares = 0;
    let kept = 0;
    for (let i = 0; i < vector.length; i++) {
      const value = vector[i] as number;
      const code = Math.round(value * inverse);
      codes[start + i] = code;
      const near = scale * code;
      errors += (value - near) ** 2;
      kept += near ** 2;
      squares += value ** 2;
    }
    const size = Math.sqrt(kept);
    meta[row] = scale;
    // What rounding the scale to 32 bits changes is within the slack of the size.
    meta[this.rows + row] = Math.sqrt(errors) * (1 + SLACK);
    meta[2 * this.rows + row] = size;
    meta[3 * this.rows + row] = this.#euclid ? (squares / 2) * (1 - SLACK) : 0;
  }

  /** How far the row's bound of the product may be above the product. */
  spread(slot: number, { a, b }: CodedQuery): number {
    const meta = this.#meta[slot >>> this.#shift] as Float32Array;
    const row = slot & (this.rows - 1);
    const error = meta[this.rows + row] as number;
    const size = meta[2 * this.rows + row] as number;
    // The offset of Euclidean distances is smaller by the slack than half of the square that it stands for.
    const offset = this.#euclid ? (meta[3 * this.rows + row] as number) * 2 * SLACK : 0;
    return (2 * (error * a + size * b) + offset) * (1 + SLACK);
  }

  /** Free it with `freeQuery`. */
  query(vector: Float32Array): CodedQuery {
    const bytes = this.width * 2;
    const address = this.#shared.allocate(bytes);
    const codes = new Int16Array(this.#shared.memory.buffer, address, this.width).fill(0);
    // The kernel's sums of `width` products are 32-bit.
    const most = Math.min(MAX_QUERY_CODE, Math.floor(0x7fff_ffff / (MAX_CODE * this.width)));
    const unit = largest(vector) / most;
    const inverse = unit > TINY ? 1 / unit : 0;
    let errors = 0;
    for (let i = 0; i < vector.length; i++) {
      const value = vector[i] as number;
      const code = Math.round(value * inverse);
      codes[i] = code;
      errors += (value - unit * code) ** 2;
    }
    const length = norm(vector);
    return { address, bytes, unit, a: length * (1 + SLACK), b: Math.sqrt(errors) + SLACK * length };
  }

  freeQuery(query: CodedQuery): void {
    this.#shared.free(query.address, query.bytes);
  }

  /** Bounds of the first `slots` rows' products into a block of 4 bytes for each row of their segments. */
  scan(query: CodedQuery, slots: number, out: number): void {
    scanSegments(this.#shared.kernel, { ...this.layout(slots), query, out });
  }

  segmentsOf(slots: number): number {
    return Math.ceil(slots / this.rows);
  }

  layout(slots: number): Layout {
    const segments = this.segments.slice(0, this.segmentsOf(slots));
    return { width: this.width, rows: this.rows, segments };
  }

  /** Gives the memory back; nothing may be called afterwards. */
  dispose(): void {
    for (const address of this.segments) this.#shared.free(address, this.#segmentBytes);
    this.segments.length = 0;
  }

  #addSegment(): void {
    const address = this.#shared.allocate(this.#segmentBytes);
    const { buffer } = this.#shared.memory;
    const codeBytes = this.rows * this.width;
    this.segments.push(address);
    this.#codes.push(new Int8Array(buffer, address, codeBytes).fill(0));
    this.#meta.push(new Float32Array(buffer, address + codeBytes, this.rows * META).fill(0));
  }
}

function largest(vector: Float32Array): number {
  let most = 0;
  for (let i = 0; i < vector.length; i++) most = Math.max(most, Math.abs(vector[i] as number));
  return most;
}

export interface Layout {
  width: number;
  rows: number;
  /** The address of each segment: `rows` rows of codes, then the four arrays of scan.wat. */
  segments: number[];
}

/** Runs in the main thread and in the worker, which gets the layout in a message. */
export function scanSegments(
  kernel: Kernel,
  { width, rows, segments, query, out }: Layout & { query: CodedQuery; out: number },
): void {
  const { address, unit, a, b } = query;
  for (let segment = 0; segment < segments.length; segment++) {
    const codes = segments[segment] as number;
    kernel.scan(
      codes,
      width,
      codes + rows * width,
      rows,
      rows,
      address,
      unit,
      a,
      b,
      out + segment * rows * 4,
    );
  }
}
