import type { Codes, CodedQuery } from './codes.ts';
import { Largest } from './largest.ts';
import type { SharedMemory } from './shared-memory.ts';

/**
 * A number for each of the slots below `length`, which is a multiple of the rows of a segment: no inner product of
 * the row with the query exceeds it. To be released after use.
 */
export class Ceilings {
  readonly length: number;
  /** For the kernel to write to. */
  readonly address: number;
  readonly #shared: SharedMemory;
  readonly #codes: Codes;
  readonly #query: CodedQuery;
  readonly #list: Uint32Array;
  readonly #bytes: number;
  readonly #values: Float32Array;

  /** Room for those of the first `slots` rows. */
  constructor(shared: SharedMemory, codes: Codes, query: CodedQuery, slots: number) {
    this.#shared = shared;
    this.#codes = codes;
    this.#query = query;
    this.length = codes.segmentsOf(slots) * codes.rows;
    // Before the numbers, room for the list of one segment; the kernel may write three past its end.
    const listBytes = (codes.rows + 4) * 4;
    this.#bytes = listBytes + this.length * 4;
    const block = shared.allocate(this.#bytes);
    this.address = block + listBytes;
    this.#list = new Uint32Array(shared.memory.buffer, block, codes.rows + 4);
    this.#values = new Float32Array(shared.memory.buffer, this.address, this.length);
  }

  at(slot: number): number {
    return this.#values[slot] as number;
  }

  /**
   * All slots that may be among the `limit` best of those that are eligible, and some that are not. The others are
   * below the product that `limit` of these reach at least.
   */
  shortlist(limit: number, isEligible: (slot: number) => boolean): number[] {
    const reached = new Largest(limit);
    const slots: number[] = [];
    this.#forEachAbove(reached, (slot) => {
      if (!isEligible(slot)) return;
      slots.push(slot);
      reached.add(this.#reachedBy(slot));
    });
    return slots.filter((slot) => !(this.at(slot) < reached.least));
  }

  /** The row may be anything now. */
  lift(slot: number): void {
    if (slot < this.length) this.#values[slot] = Infinity;
  }

  release(): void {
    this.#shared.free(this.address - this.#list.byteLength, this.#bytes);
  }

  #reachedBy(slot: number): number {
    const ceiling = this.at(slot);
    return Number.isFinite(ceiling) ? ceiling - this.#codes.spread(slot, this.#query) : -Infinity;
  }

  #forEachAbove(floor: Largest, visit: (slot: number) => void): void {
    const { kernel } = this.#shared;
    const { rows } = this.#codes;
    const list = this.#list;
    for (let first = 0; first < this.length; first += rows) {
      const count = kernel.pick(this.address + first * 4, rows, floor.least, first, list.byteOffset);
      for (let position = 0; position < count; position++) {
        const slot = list[position] as number;
        // The floor may have been raised since they were picked.
        if (!(this.at(slot) < floor.least)) visit(slot);
      }
    }
  }
}
