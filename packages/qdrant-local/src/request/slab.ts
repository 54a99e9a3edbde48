/** Numbers a slab; longer arrays get their own. */
const SLAB = 32 * 1024;
const OWN = SLAB / 8;

/**
 * Hands out typed arrays, all zero, that share memory. An upsert has thousands of short vectors, which are copied
 * into the stores at once: memory of their own would cost more to give and take back than they do.
 */
export class Slab<T extends Float32Array | Uint32Array> {
  readonly #make: (length: number) => T;
  #current: T;
  #used = 0;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#current = make(0);
  }

  take(length: number): T {
    if (length > OWN) return this.#make(length);
    if (this.#used + length > this.#current.length) {
      this.#current = this.#make(SLAB);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += length;
    return this.#current.subarray(start, this.#used) as T;
  }
}

export const floats = new Slab((length) => new Float32Array(length));
export const integers = new Slab((length) => new Uint32Array(length));
