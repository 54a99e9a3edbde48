import type { SparseParams, SparseVector } from '../types.ts';
import { EntryLists } from './entry-lists.ts';

const FIRST_TERMS = 256;

/** One index of a query that is in the store. */
export interface QueryTerm {
  index: number;
  weight: number;
  /** The points that have it, slots ascending: `length` entries from `start` on. */
  slots: Uint32Array;
  values: Float32Array;
  start: number;
  length: number;
  /** No point's product of weight and value exceeds it. Only for stores and weights that are not negative. */
  most: number;
}

/** Arrays by slot that a search may use; all zero before and after. */
export interface Scratch {
  sums: Float64Array;
  seen: Uint8Array;
  met: Uint32Array;
}

/** One named sparse vector of every point, by slot and by index. */
export class SparseStore {
  readonly params: SparseParams;
  readonly #vectors = new EntryLists();
  readonly #postings = new EntryLists();
  /** The number of each index's list among the postings. */
  readonly #terms = new Map<number, number>();
  readonly #freeTerms: number[] = [];
  /** By list: the largest value it ever had. */
  #most = new Float32Array(FIRST_TERMS);
  #present = new Uint8Array(FIRST_TERMS);
  #scratch: Scratch | undefined;
  #lists = 0;
  #slots = 0;
  #count = 0;
  #indexed = 0;
  #negative = false;

  constructor(params: SparseParams) {
    this.params = params;
  }

  get count(): number {
    return this.#count;
  }

  /** True when some value may be below zero, so that no sum is bounded by its parts. */
  get hasNegative(): boolean {
    return this.#negative;
  }

  has(slot: number): boolean {
    return this.#present[slot] === 1;
  }

  get(slot: number): SparseVector | undefined {
    if (!this.has(slot)) return undefined;
    const length = this.#vectors.length(slot);
    if (length === 0) return { indices: new Uint32Array(0), values: new Float32Array(0) };
    const start = this.#vectors.start(slot);
    return {
      indices: this.#vectors.keys(slot).slice(start, start + length),
      values: this.#vectors.values(slot).slice(start, start + length),
    };
  }

  set(slot: number, vector: SparseVector): void {
    if (this.#holds(slot, vector)) return;
    this.remove(slot);
    this.#reserveSlot(slot);
    this.#present[slot] = 1;
    this.#count += 1;
    // A vector without indices is kept but not indexed, and so does not count for the idf.
    if (vector.indices.length > 0) this.#indexed += 1;
    this.#vectors.set(slot, vector.indices, vector.values);
    for (let i = 0; i < vector.indices.length; i++) {
      this.#addPosting(vector.indices[i] as number, slot, vector.values[i] as number);
    }
  }

  remove(slot: number): void {
    if (!this.has(slot)) return;
    this.#present[slot] = 0;
    this.#count -= 1;
    const length = this.#vectors.length(slot);
    if (length === 0) return;
    this.#indexed -= 1;
    const [indices, start] = [this.#vectors.keys(slot), this.#vectors.start(slot)];
    for (let i = start; i < start + length; i++) this.#removePosting(indices[i] as number, slot);
    this.#vectors.clear(slot);
  }

  /**
   * The query's indices that some point has, the weightiest first. A weight is the query's value, times
   * ln((n - df + 0.5) / (df + 0.5) + 1) under the idf modifier. Scores are sums in this order, so that they are
   * the same to the last bit however a point is found.
   */
  terms(query: SparseVector): QueryTerm[] {
    const terms: QueryTerm[] = [];
    for (let i = 0; i < query.indices.length; i++) {
      const index = query.indices[i] as number;
      const list = this.#terms.get(index);
      if (list !== undefined) terms.push(this.#term(index, query.values[i] as number, list));
    }
    return terms.sort((a, b) => b.weight - a.weight || a.index - b.index);
  }

  /** `sum` plus weight times value of those of the terms that the slot has; undefined when there is neither. */
  addTo(
    sum: number | undefined,
    slot: number,
    terms: readonly QueryTerm[],
    first: number,
  ): number | undefined {
    const length = this.#vectors.length(slot);
    if (length === 0) return sum;
    const [indices, values, start] = [
      this.#vectors.keys(slot),
      this.#vectors.values(slot),
      this.#vectors.start(slot),
    ];
    let total = sum;
    for (let term = first; term < terms.length; term++) {
      const { index, weight } = terms[term] as QueryTerm;
      for (let at = start; at < start + length; at++) {
        if (indices[at] !== index) continue;
        total = (total ?? 0) + weight * (values[at] as number);
        break;
      }
    }
    return total;
  }

  scratch(): Scratch {
    if (!this.#scratch || this.#scratch.sums.length < this.#slots) {
      const length = Math.ceil(this.#slots * 1.25);
      const [sums, seen, met] = [new Float64Array(length), new Uint8Array(length), new Uint32Array(length)];
      this.#scratch = { sums, seen, met };
    }
    return this.#scratch;
  }

  /** Indexing again what has not changed is common, and postings cost most of an upsert. */
  #holds(slot: number, { indices, values }: SparseVector): boolean {
    if (!this.has(slot) || this.#vectors.length(slot) !== indices.length) return false;
    if (indices.length === 0) return true;
    const [keys, kept, start] = [
      this.#vectors.keys(slot),
      this.#vectors.values(slot),
      this.#vectors.start(slot),
    ];
    return indices.every((index, i) => keys[start + i] === index && kept[start + i] === values[i]);
  }

  #term(index: number, value: number, list: number): QueryTerm {
    const length = this.#postings.length(list);
    const idf = Math.log((this.#indexed - length + 0.5) / (length + 0.5) + 1);
    const weight = this.params.idf ? value * idf : value;
    return {
      index,
      weight,
      slots: this.#postings.keys(list),
      values: this.#postings.values(list),
      start: this.#postings.start(list),
      length,
      most: weight * (this.#most[list] as number),
    };
  }

  #addPosting(index: number, slot: number, value: number): void {
    let list = this.#terms.get(index);
    if (list === undefined) {
      list = this.#freeTerms.pop() ?? this.#lists++;
      this.#terms.set(index, list);
      this.#reserveTerm(list);
      this.#most[list] = 0;
    }
    this.#postings.add(list, slot, value);
    this.#most[list] = Math.max(this.#most[list] as number, value);
    if (value < 0) this.#negative = true;
  }

  #removePosting(index: number, slot: number): void {
    const list = this.#terms.get(index) as number;
    this.#postings.remove(list, this.#postings.find(list, slot));
    if (this.#postings.length(list) > 0) return;
    this.#postings.clear(list);
    this.#terms.delete(index);
    this.#freeTerms.push(list);
  }

  #reserveSlot(slot: number): void {
    this.#slots = Math.max(this.#slots, slot + 1);
    if (slot < this.#present.length) return;
    const present = new Uint8Array(Math.max(slot + 1, this.#present.length * 2));
    present.set(this.#present);
    this.#present = present;
  }

  #reserveTerm(list: number): void {
    if (list < this.#most.length) return;
    const most = new Float32Array(this.#most.length * 2);
    most.set(this.#most);
    this.#most = most;
  }
}
