import { fnv1a } from '@afk/text';

const HASHES = 64;
const BANDS = 16;
const ROWS = HASHES / BANDS;
const GRAM = 4;
/** Least estimated Jaccard similarity of two titles that are one headline. */
const SAME = 0.7;
// Titles with fewer n-grams agree or differ by single letters: only equal ones are the same.
const FEWEST_GRAMS = 12;
const NONE = -1;

// Multipliers and offsets of the hash family h(x) = mix(a x + b) mod 2^32, a odd; drawn once by a fixed generator.
const [MULTIPLIERS, OFFSETS] = hashFamily();

function hashFamily(): [Int32Array, Int32Array] {
  let state = 0x9e3779b9;
  const next = (): number => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    return state ^ (state >>> 13);
  };
  return [
    Int32Array.from({ length: HASHES }, () => next() | 1),
    Int32Array.from({ length: HASHES }, () => next()),
  ];
}

const isSigned = (key: string): boolean => key.length >= FEWEST_GRAMS + GRAM - 1;

/**
 * MinHash of a folded title's character 4-grams, 64 hashes (Broder 1997). Undefined where it is too short to tell.
 */
export function signatureOf(key: string): Uint32Array | undefined {
  if (!isSigned(key)) return undefined;
  const signature = new Uint32Array(HASHES).fill(0xffffffff);
  for (let at = 0; at + GRAM <= key.length; at += 1) {
    let gram = 0x811c9dc5;
    for (let k = at; k < at + GRAM; k += 1) gram = Math.imul(gram ^ key.charCodeAt(k), 0x01000193);
    for (let h = 0; h < HASHES; h += 1) {
      const hash = mixed(Math.imul(gram, MULTIPLIERS[h]!) + OFFSETS[h]!);
      if (hash < signature[h]!) signature[h] = hash;
    }
  }
  return signature;
}

// The low bits of a x + b depend on the low bits of x alone; this spreads them.
const mixed = (x: number): number => (x ^ (x >>> 16)) >>> 0;

const hashOf = (text: string): number => fnv1a(text) | 0;

/** "$101" is not "$102", however alike the rest: numbers must agree. */
const numbersOf = (key: string): string => (key.match(/\p{N}+/gu) ?? []).join(' ');

/**
 * Finds what says the same as a title: equal keys, or MinHash in 16 bands of 4 (locality-sensitive hashing: Leskovec,
 * Rajaraman & Ullman, Mining of Massive Datasets, 3.4), an estimated similarity of at least .7, and the same numbers.
 * Values are whatever the caller files under a title; about 250 bytes each, in tables that double.
 */
export class NearDuplicates<T> {
  readonly #before: (a: T, b: T) => boolean;
  readonly #entries: ({ key: string; value: T } | undefined)[] = [];
  readonly #free: number[] = [];
  /** Last entry of each key, and before it, the one filed under the same key. */
  readonly #byKey = new Map<string, number>();
  #sameKey = new Int32Array(0);
  /** Low half of each hash: enough to estimate by, at half the size (b-bit minwise hashing: Li & König 2010). */
  #signatures = new Uint16Array(0);
  /** A hash of each title's numbers. Part of every band: a template with another number each time would fill one chain. */
  #numbers = new Int32Array(0);
  /** Chained hash table: heads by band hash, then for each entry and band the next entry. */
  #heads = new Int32Array(0);
  #next = new Int32Array(0);
  #latest: { key: string; signature: Uint32Array | undefined } = { key: '', signature: undefined };

  /** `before` orders values, so that what is found does not depend on the order of filing. */
  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  /** Of the values that fit, the one filed under the same or most nearly the same title; undefined where there is none. */
  find(key: string, fits: (value: T) => boolean): T | undefined {
    const same = this.#equal(key, fits);
    if (same !== undefined) return same;
    const signature = this.#signatureOf(key);
    if (signature === undefined || this.#heads.length === 0) return undefined;
    const numbers = numbersOf(key);
    let best: T | undefined;
    let highest = SAME;
    for (const e of this.#candidates(signature, hashOf(numbers))) {
      const { key: other, value } = this.#entries[e]!;
      const similarity = this.#similarity(e, signature);
      if (similarity < highest || numbersOf(other) !== numbers || !fits(value)) continue;
      if (similarity === highest && best !== undefined && !this.#before(value, best)) continue;
      best = value;
      highest = similarity;
    }
    return best;
  }

  add(key: string, value: T): void {
    if (key === '') return;
    const e = this.#free.pop() ?? this.#entries.length;
    this.#entries[e] = { key, value };
    if (e >= this.#sameKey.length) this.#grow();
    this.#sameKey[e] = this.#byKey.get(key) ?? NONE;
    this.#byKey.set(key, e);
    const signature = this.#signatureOf(key);
    if (signature === undefined) return;
    this.#signatures.set(signature, e * HASHES);
    this.#numbers[e] = hashOf(numbersOf(key));
    for (let band = 0; band < BANDS; band += 1) this.#chain(e, band);
  }

  remove(key: string, value: T): void {
    let e = this.#byKey.get(key) ?? NONE;
    let later = NONE;
    while (e !== NONE && this.#entries[e]!.value !== value) [later, e] = [e, this.#sameKey[e]!];
    if (e === NONE) return;
    const earlier = this.#sameKey[e]!;
    if (later !== NONE) this.#sameKey[later] = earlier;
    else if (earlier === NONE) this.#byKey.delete(key);
    else this.#byKey.set(key, earlier);
    if (isSigned(key)) for (let band = 0; band < BANDS; band += 1) this.#unchain(e, band);
    this.#entries[e] = undefined;
    this.#free.push(e);
  }

  /** What is not found is filed next, as a rule: its signature is not made twice. */
  #signatureOf(key: string): Uint32Array | undefined {
    if (this.#latest.key !== key) this.#latest = { key, signature: signatureOf(key) };
    return this.#latest.signature;
  }

  #equal(key: string, fits: (value: T) => boolean): T | undefined {
    let best: T | undefined;
    for (let e = this.#byKey.get(key) ?? NONE; e !== NONE; e = this.#sameKey[e]!) {
      const { value } = this.#entries[e]!;
      if (fits(value) && (best === undefined || this.#before(value, best))) best = value;
    }
    return best;
  }

  #candidates(signature: Uint32Array, numbers: number): Set<number> {
    const found = new Set<number>();
    const low = Uint16Array.from(signature);
    for (let band = 0; band < BANDS; band += 1) {
      let e = this.#heads[this.#headOf(low, 0, band, numbers)]!;
      for (; e !== NONE; e = this.#next[e * BANDS + band]!) {
        // A chain holds what falls into one place of the table: whom it holds depends on how large the table is.
        if (this.#numbers[e] === numbers && this.#hasBand(e, low, band)) found.add(e);
      }
    }
    return found;
  }

  #hasBand(e: number, signature: Uint16Array, band: number): boolean {
    for (let row = band * ROWS; row < (band + 1) * ROWS; row += 1) {
      if (this.#signatures[e * HASHES + row] !== signature[row]) return false;
    }
    return true;
  }

  /** Share of equal hashes: an estimate of the Jaccard similarity of the n-grams, standard error at most 1/16. */
  #similarity(e: number, signature: Uint32Array): number {
    let same = 0;
    for (let h = 0; h < HASHES; h += 1) {
      if (this.#signatures[e * HASHES + h] === (signature[h]! & 0xffff)) same += 1;
    }
    return same / HASHES;
  }

  /** Place of a band's chain. */
  #headOf(signatures: Uint16Array, from: number, band: number, numbers: number): number {
    let hash = 0x811c9dc5 ^ band ^ numbers;
    for (let row = 0; row < ROWS; row += 1) {
      hash = Math.imul(hash ^ signatures[from + band * ROWS + row]!, 0x01000193);
    }
    const chains = this.#heads.length / BANDS;
    return band * chains + (mixed(hash) & (chains - 1));
  }

  #chain(e: number, band: number): void {
    const head = this.#headOf(this.#signatures, e * HASHES, band, this.#numbers[e]!);
    this.#next[e * BANDS + band] = this.#heads[head]!;
    this.#heads[head] = e;
  }

  #unchain(e: number, band: number): void {
    const head = this.#headOf(this.#signatures, e * HASHES, band, this.#numbers[e]!);
    const after = this.#next[e * BANDS + band]!;
    let at = this.#heads[head]!;
    if (at === e) {
      this.#heads[head] = after;
      return;
    }
    while (this.#next[at * BANDS + band] !== e) at = this.#next[at * BANDS + band]!;
    this.#next[at * BANDS + band] = after;
  }

  /** Doubles the tables and chains everything anew. */
  #grow(): void {
    const room = Math.max(1024, this.#sameKey.length * 2);
    const [sameKey, signatures, numbers] = [this.#sameKey, this.#signatures, this.#numbers];
    this.#sameKey = new Int32Array(room);
    this.#sameKey.set(sameKey);
    this.#signatures = new Uint16Array(room * HASHES);
    this.#signatures.set(signatures);
    this.#numbers = new Int32Array(room);
    this.#numbers.set(numbers);
    this.#next = new Int32Array(room * BANDS);
    this.#heads = new Int32Array(room * BANDS).fill(NONE);
    for (const [e, entry] of this.#entries.entries()) {
      if (entry === undefined || e >= sameKey.length || !isSigned(entry.key)) continue;
      for (let band = 0; band < BANDS; band += 1) this.#chain(e, band);
    }
  }
}
