import type { SparseParams, SparseVector } from '../types.ts';

/** The points that have one index, in order of slot; entries of dead slots stay until packing. */
interface Posting {
  slots: Uint32Array;
  values: Float32Array;
  length: number;
  live: number;
}

const FIRST_ENTRIES = 4;

function append(posting: Posting, slot: number, value: number): void {
  if (posting.length === posting.slots.length) {
    const slots = new Uint32Array(posting.length * 2);
    const values = new Float32Array(posting.length * 2);
    slots.set(posting.slots);
    values.set(posting.values);
    posting.slots = slots;
    posting.values = values;
  }
  posting.slots[posting.length] = slot;
  posting.values[posting.length] = value;
  posting.length += 1;
  posting.live += 1;
}

const newPosting = (): Posting => ({
  slots: new Uint32Array(FIRST_ENTRIES),
  values: new Float32Array(FIRST_ENTRIES),
  length: 0,
  live: 0,
});

/** Sum over shared indices, or undefined when there is none. Both have ascending indices. */
function sharedScore(query: SparseVector, weights: Float64Array, vector: SparseVector): number | undefined {
  let sum: number | undefined;
  let at = 0;
  for (let i = 0; i < query.indices.length; i++) {
    const index = query.indices[i] as number;
    while (at < vector.indices.length && (vector.indices[at] as number) < index) at += 1;
    if (vector.indices[at] === index)
      sum = (sum ?? 0) + (weights[i] as number) * (vector.values[at] as number);
  }
  return sum;
}

/** One named sparse vector of every point, with an inverted index. A slot's vector never changes. */
export class SparseStore {
  readonly params: SparseParams;
  readonly #vectors: (SparseVector | undefined)[] = [];
  readonly #postings = new Map<number, Posting>();
  #scores = new Float64Array(0);
  #seen = new Uint8Array(0);
  #count = 0;
  #indexed = 0;

  constructor(params: SparseParams) {
    this.params = params;
  }

  get count(): number {
    return this.#count;
  }

  get(slot: number): SparseVector | undefined {
    return this.#vectors[slot];
  }

  set(slot: number, vector: SparseVector): void {
    this.#vectors[slot] = vector;
    this.#count += 1;
    // A vector without indices is kept but not indexed, and so does not count for the idf.
    if (vector.indices.length > 0) this.#indexed += 1;
    for (let i = 0; i < vector.indices.length; i++) {
      const index = vector.indices[i] as number;
      let posting = this.#postings.get(index);
      if (!posting) this.#postings.set(index, (posting = newPosting()));
      append(posting, slot, vector.values[i] as number);
    }
  }

  remove(slot: number): void {
    const vector = this.#vectors[slot];
    if (!vector) return;
    this.#vectors[slot] = undefined;
    this.#count -= 1;
    if (vector.indices.length > 0) this.#indexed -= 1;
    for (const index of vector.indices) {
      const posting = this.#postings.get(index);
      if (posting && --posting.live === 0) this.#postings.delete(index);
    }
  }

  /**
   * The score of each point that shares an index with the query (and is in `slots`, if given):
   * sum of q_i * d_i, q_i times ln((n - df + 0.5) / (df + 0.5) + 1) under the idf modifier.
   */
  search(
    query: SparseVector,
    slots: ReadonlySet<number> | undefined,
    visit: (slot: number, score: number) => void,
  ): void {
    const weights = this.#weights(query);
    if (slots && slots.size < this.#entries(query)) {
      for (const slot of slots) {
        const vector = this.#vectors[slot];
        const score = vector && sharedScore(query, weights, vector);
        if (score !== undefined) visit(slot, Math.fround(score));
      }
      return;
    }
    for (const slot of this.#accumulate(query, weights)) {
      const score = this.#scores[slot] as number;
      this.#scores[slot] = 0;
      this.#seen[slot] = 0;
      if (!slots || slots.has(slot)) visit(slot, Math.fround(score));
    }
  }

  /** Adds up scores by slot in the scratch arrays and returns the slots met. */
  #accumulate(query: SparseVector, weights: Float64Array): number[] {
    this.#reserve();
    const [scores, seen, vectors] = [this.#scores, this.#seen, this.#vectors];
    const met: number[] = [];
    for (let i = 0; i < query.indices.length; i++) {
      const posting = this.#postings.get(query.indices[i] as number);
      if (!posting) continue;
      const weight = weights[i] as number;
      const { slots, values, length } = posting;
      for (let entry = 0; entry < length; entry++) {
        const slot = slots[entry] as number;
        if (vectors[slot] === undefined) continue;
        if (seen[slot] === 0) {
          seen[slot] = 1;
          met.push(slot);
        }
        scores[slot] = (scores[slot] as number) + weight * (values[entry] as number);
      }
    }
    return met;
  }

  #weights(query: SparseVector): Float64Array {
    return Float64Array.from(query.values, (value, position) => {
      if (!this.params.idf) return value;
      const df = this.#postings.get(query.indices[position] as number)?.live ?? 0;
      return value * Math.log((this.#indexed - df + 0.5) / (df + 0.5) + 1);
    });
  }

  #entries(query: SparseVector): number {
    let entries = 0;
    for (const index of query.indices) entries += this.#postings.get(index)?.length ?? 0;
    return entries;
  }

  #reserve(): void {
    if (this.#scores.length >= this.#vectors.length) return;
    this.#scores = new Float64Array(this.#vectors.length * 2);
    this.#seen = new Uint8Array(this.#vectors.length * 2);
  }
}
