import { Ceilings } from '../scan/ceilings.ts';
import { Codes, segmentRows } from '../scan/codes.ts';
import type { CodedQuery } from '../scan/codes.ts';
import { ScanQueue } from '../scan/queue.ts';
import { sharedMemory } from '../scan/shared-memory.ts';
import type { SharedMemory } from '../scan/shared-memory.ts';
import type { DenseParams } from '../types.ts';
import { dot, euclid, manhattan } from './distances.ts';
import type { Distance } from './distances.ts';

const SCORES = { Cosine: dot, Dot: dot, Euclid: euclid, Manhattan: manhattan } as const;
/** Bytes of codes whose scan takes about as long as an answer may hold up the others (bench/crossing.ts). */
const LONG_SCAN_BYTES = 32 * 1024 * 1024;
/** What rounding may do to a distance and its square. */
const ROUNDING = 2e-6;

/** How rows are looked at. */
export interface Scanning {
  /** Null where there is none: each search then computes every score. */
  shared?: SharedMemory | null | undefined;
  /** Bytes of codes from which on a search leaves the event loop free. */
  longScanBytes?: number;
}

interface Scan {
  shared: SharedMemory;
  codes: Codes;
  coded: CodedQuery;
  ceilings: Ceilings;
}

let queue: ScanQueue | undefined;

/**
 * One named dense vector of every point: rows of numbers by slot, in segments, and the same in 8 bits for a quick
 * first look at all of them. Search is exact: the first look only tells which rows cannot be in the answer.
 */
export class DenseStore {
  readonly params: DenseParams;
  readonly #shared: SharedMemory | undefined;
  readonly #codes: Codes | undefined;
  readonly #score: Distance;
  readonly #segmentRows: number;
  readonly #shift: number;
  readonly #segments: Float32Array[] = [];
  readonly #longScanBytes: number;
  readonly #changed = new Set<number[]>();
  #present = new Uint8Array(0);
  #count = 0;
  #slots = 0;
  #disposed = false;
  #incomplete = false;

  constructor(
    params: DenseParams,
    { shared = sharedMemory(), longScanBytes = LONG_SCAN_BYTES }: Scanning = {},
  ) {
    this.params = params;
    this.#longScanBytes = longScanBytes;
    this.#score = SCORES[params.distance];
    this.#segmentRows = segmentRows(params.size);
    this.#shift = Math.log2(this.#segmentRows);
    // The sum of absolute differences is no inner product.
    if (params.distance === 'Manhattan' || !shared) return;
    this.#shared = shared;
    this.#codes = new Codes(shared, params.size, params.distance === 'Euclid');
  }

  get count(): number {
    return this.#count;
  }

  /** All vectors are in slots below this. */
  get slots(): number {
    return this.#slots;
  }

  /** True where a smaller score is a better one. */
  get ascending(): boolean {
    return this.params.distance === 'Euclid' || this.params.distance === 'Manhattan';
  }

  set(slot: number, vector: Float32Array): void {
    this.#reserve(slot + 1);
    (this.#segments[slot >>> this.#shift] as Float32Array).set(vector, this.#startOf(slot));
    if (this.#codes) this.#encode(this.#codes, slot, vector);
    if (this.#present[slot] === 0) this.#count += 1;
    this.#present[slot] = 1;
    this.#slots = Math.max(this.#slots, slot + 1);
    for (const slots of this.#changed) slots.push(slot);
  }

  has(slot: number): boolean {
    return this.#present[slot] === 1;
  }

  /** A view of the row: copy it to keep it. */
  get(slot: number): Float32Array | undefined {
    if (!this.has(slot)) return undefined;
    const start = this.#startOf(slot);
    return this.#segments[slot >>> this.#shift]?.subarray(start, start + this.params.size);
  }

  remove(slot: number): void {
    if (!this.has(slot)) return;
    this.#present[slot] = 0;
    this.#count -= 1;
  }

  /** The score of a slot that has a vector, against a query that is prepared as stored vectors are. */
  score(slot: number, query: Float32Array): number {
    const segment = this.#segments[slot >>> this.#shift] as Float32Array;
    return Math.fround(this.#score(segment, this.#startOf(slot), query));
  }

  /** True when a look at all rows is long enough to be made in another thread. */
  get isLong(): boolean {
    return (
      this.#codes !== undefined && !this.#incomplete && this.#slots * this.#codes.width > this.#longScanBytes
    );
  }

  /** Of all slots, or undefined where there is no quick way to them: see `floor`. */
  ceilings(query: Float32Array): Ceilings | undefined {
    const scan = this.#begin(query);
    if (!scan) return undefined;
    const { codes, coded, ceilings } = scan;
    codes.scan(coded, this.#slots, ceilings.address);
    codes.freeQuery(coded);
    return ceilings;
  }

  /** As `ceilings`, computed elsewhere; they hold for the state when the promise resolves. */
  async ceilingsElsewhere(query: Float32Array): Promise<Ceilings | undefined> {
    const scan = this.#begin(query);
    if (!scan) return undefined;
    const { shared, codes, coded, ceilings } = scan;
    const changed: number[] = [];
    this.#changed.add(changed);
    queue ??= new ScanQueue(shared);
    const made = await queue.scan(codes, coded, this.#slots, ceilings.address);
    this.#changed.delete(changed);
    codes.freeQuery(coded);
    this.#freeIfDisposed();
    if (!made) {
      ceilings.release();
      return this.ceilings(query);
    }
    // A row that changed meanwhile may have been read half old, half new: look at its numbers themselves.
    for (const slot of changed) ceilings.lift(slot);
    return ceilings;
  }

  /** A slot whose ceiling is below this has a score that is worse than `score` against the query. */
  floor(score: number, query: Float32Array): number {
    if (this.params.distance !== 'Euclid') return score;
    // With |x - q|^2 = |q|^2 - 2 (x.q - |x|^2 / 2), and the ceiling one of what is in the brackets.
    const squares = dot(query, 0, query);
    return (squares - score ** 2) / 2 - ROUNDING * (squares + score ** 2);
  }

  /** Gives back the memory that is shared with the worker. */
  dispose(): void {
    this.#disposed = true;
    this.#incomplete = true;
    this.#freeIfDisposed();
  }

  /** Undefined where there is no room for it either. */
  #begin(query: Float32Array): Scan | undefined {
    const [shared, codes] = [this.#shared, this.#codes];
    if (!shared || !codes || this.#incomplete || this.#slots === 0) return undefined;
    try {
      const coded = codes.query(query);
      return { shared, codes, coded, ceilings: new Ceilings(shared, codes, coded, this.#slots) };
    } catch (cause) {
      if (cause instanceof RangeError) return undefined;
      throw cause;
    }
  }

  /** Where there is no more room for codes, those that there are miss a row, and each search scores every row. */
  #encode(codes: Codes, slot: number, vector: Float32Array): void {
    if (this.#incomplete) return;
    try {
      codes.set(slot, vector);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      this.#incomplete = true;
    }
  }

  #freeIfDisposed(): void {
    if (this.#disposed && this.#changed.size === 0) this.#codes?.dispose();
  }

  /** Where in its segment a row begins. */
  #startOf(slot: number): number {
    return (slot & (this.#segmentRows - 1)) * this.params.size;
  }

  #reserve(slots: number): void {
    while (this.#segments.length * this.#segmentRows < slots) {
      this.#segments.push(new Float32Array(this.#segmentRows * this.params.size));
    }
    if (slots <= this.#present.length) return;
    const present = new Uint8Array(Math.max(slots, this.#present.length * 2, this.#segmentRows));
    present.set(this.#present);
    this.#present = present;
  }
}
