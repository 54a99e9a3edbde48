import type { DenseParams } from '../types.ts';

type Score = (a: Float32Array, aStart: number, b: Float32Array) => number;

const dot: Score = (a, aStart, b) => {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += (a[aStart + i] as number) * (b[i] as number);
  return sum;
};

const euclid: Score = (a, aStart, b) => {
  let sum = 0;
  for (let i = 0; i < b.length; i++) {
    const difference = (a[aStart + i] as number) - (b[i] as number);
    sum += difference * difference;
  }
  return Math.sqrt(sum);
};

const manhattan: Score = (a, aStart, b) => {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += Math.abs((a[aStart + i] as number) - (b[i] as number));
  return sum;
};

const SCORES = { Cosine: dot, Dot: dot, Euclid: euclid, Manhattan: manhattan } as const;
const FIRST_ROWS = 256;

/** One named dense vector of every point: rows of a contiguous array, by slot. Search is exact. */
export class DenseStore {
  readonly params: DenseParams;
  #rows = new Float32Array(0);
  #present = new Uint8Array(0);
  #count = 0;

  constructor(params: DenseParams) {
    this.params = params;
  }

  get count(): number {
    return this.#count;
  }

  /** True where a smaller score is a better one. */
  get ascending(): boolean {
    return this.params.distance === 'Euclid' || this.params.distance === 'Manhattan';
  }

  set(slot: number, vector: Float32Array): void {
    this.#reserve(slot + 1);
    this.#rows.set(vector, slot * this.params.size);
    if (this.#present[slot] === 0) this.#count += 1;
    this.#present[slot] = 1;
  }

  has(slot: number): boolean {
    return this.#present[slot] === 1;
  }

  /** A view of the row: copy it to keep it. */
  get(slot: number): Float32Array | undefined {
    const { size } = this.params;
    return this.has(slot) ? this.#rows.subarray(slot * size, (slot + 1) * size) : undefined;
  }

  remove(slot: number): void {
    if (!this.has(slot)) return;
    this.#present[slot] = 0;
    this.#count -= 1;
  }

  /** The score of each slot that has a vector, against a query that is prepared as stored vectors are. */
  search(query: Float32Array, slots: Iterable<number>, visit: (slot: number, score: number) => void): void {
    const score = SCORES[this.params.distance];
    const { size } = this.params;
    for (const slot of slots) {
      if (this.#present[slot] === 1) visit(slot, Math.fround(score(this.#rows, slot * size, query)));
    }
  }

  #reserve(rows: number): void {
    if (rows <= this.#present.length) return;
    const capacity = Math.max(rows, FIRST_ROWS, this.#present.length * 2);
    const grown = new Float32Array(capacity * this.params.size);
    grown.set(this.#rows);
    const present = new Uint8Array(capacity);
    present.set(this.#present);
    this.#rows = grown;
    this.#present = present;
  }
}
