import { byTime } from './items.ts';
import type { Item } from './items.ts';
import { UNIT, widthOf } from './vectors.ts';

/** An item near another, by the cosine of their own words. */
export type Neighbour = { item: Item; cosine: number };

// A term in a tenth of all items draws no neighbours: it costs most and tells least. In small windows every term does.
const COMMON = { share: 0.1, atLeast: 100, atMost: 2000 };
const LEAST_COSINE = 0.1;
// One word in common ("mayor", "win", half of a place's name) gathers headlines of one genre, not of one event.
const LEAST_SHARED = 2;

/**
 * An inverted index over the items' own vectors, with the number of items a term is in. Cost of a search: the sum of the
 * lengths of its terms' lists, at most 2,000 each. Removed items leave their entries behind until half of the
 * index is dead; then it is packed.
 */
export class Postings {
  #items: (Item | undefined)[] = [];
  #alive = 0;
  readonly #slots: number[][] = [];
  readonly #weights: number[][] = [];
  /** Items a term is in. */
  readonly #frequency: number[] = [];
  #terms = 0;
  #products = new Float64Array(1024);
  /** Beside each product: how many terms it is the sum of. */
  #shared = new Uint8Array(1024);

  /** Terms of all items, each once an item. */
  get terms(): number {
    return this.#terms;
  }

  /** Items that have the term. */
  frequencyOf(column: number): number {
    return this.#frequency[column] ?? 0;
  }

  /** ln((1 + n) / (1 + df)) + 1, of what is counted now. */
  idfOf(column: number): number {
    return Math.log((1 + this.#alive) / (1 + this.frequencyOf(column))) + 1;
  }

  /** Counts an item's terms. Its vector is weighed after all new ones are counted, and filed then. */
  count(item: Item): void {
    this.#tally(item, 1);
  }

  /** Files an item under its own vector. */
  file(item: Item): void {
    item.slot = this.#items.length;
    this.#items.push(item);
    const { own } = item;
    const width = widthOf(own);
    for (let k = 0; k < width; k += 1) {
      (this.#slots[own[k]!] ??= []).push(item.slot);
      (this.#weights[own[k]!] ??= []).push(own[width + k]!);
    }
  }

  /** Takes an item out that was counted and filed. */
  remove(item: Item): void {
    this.unfile(item);
    this.#tally(item, -1);
  }

  /** Takes an item's vector out: it is going to get another. */
  unfile(item: Item): void {
    if (item.slot >= 0) this.#items[item.slot] = undefined;
  }

  /** Forgets entries that lead nowhere, once they are most of them. */
  pack(): void {
    if (this.#items.length < 1024 || this.#items.length < 2 * this.#alive) return;
    const living = this.#items.filter((item) => item !== undefined);
    this.#items = [];
    for (const list of [this.#slots, this.#weights]) list.length = 0;
    for (const item of living) this.file(item);
  }

  /**
   * Items that share two words with this one, cosine at least .1: the `most` nearest, where `fade(other)` (0 to 1) lessens the
   * cosine. Ties go to the older.
   */
  near(item: Item, most: number, fade: (other: Item) => number): Neighbour[] {
    if (this.#products.length < this.#items.length) {
      this.#products = new Float64Array(this.#items.length * 2);
      this.#shared = new Uint8Array(this.#items.length * 2);
    }
    const nearest: Neighbour[] = [];
    for (const slot of this.#accumulate(item)) {
      const bare = this.#products[slot]! / (UNIT * UNIT);
      const shared = this.#shared[slot]!;
      this.#products[slot] = 0;
      this.#shared[slot] = 0;
      const worst = nearest.length === most ? nearest[most - 1]!.cosine : LEAST_COSINE;
      const other = this.#items[slot];
      if (bare < worst || shared < LEAST_SHARED || other === undefined || other === item) continue;
      const cosine = bare * fade(other);
      if (cosine >= worst) insert(nearest, { item: other, cosine }, most);
    }
    return nearest;
  }

  #tally({ terms }: Item, by: 1 | -1): void {
    const width = widthOf(terms);
    this.#alive += by;
    this.#terms += by * width;
    for (let k = 0; k < width; k += 1) this.#frequency[terms[k]!] = this.frequencyOf(terms[k]!) + by;
  }

  #accumulate({ own }: Item): number[] {
    const [products, shared] = [this.#products, this.#shared];
    const mostCommon = Math.min(COMMON.atMost, Math.max(COMMON.atLeast, COMMON.share * this.#alive));
    const touched: number[] = [];
    const width = widthOf(own);
    for (let k = 0; k < width; k += 1) {
      const column = own[k]!;
      const slots = this.#slots[column];
      if (slots === undefined || this.frequencyOf(column) > mostCommon) continue;
      const weights = this.#weights[column]!;
      const weight = own[width + k]!;
      for (let p = 0; p < slots.length; p += 1) {
        const slot = slots[p]!;
        if (products[slot] === 0) touched.push(slot);
        products[slot]! += weight * weights[p]!;
        if (shared[slot]! < LEAST_SHARED) shared[slot]! += 1;
      }
    }
    return touched;
  }
}

/** Into a short list, best first: most candidates fail at its last place. */
function insert(nearest: Neighbour[], near: Neighbour, most: number): void {
  let at = nearest.length;
  while (at > 0 && isCloser(near, nearest[at - 1]!)) at -= 1;
  if (at >= most) return;
  nearest.splice(at, 0, near);
  if (nearest.length > most) nearest.pop();
}

const isCloser = (a: Neighbour, b: Neighbour): boolean =>
  a.cosine > b.cosine || (a.cosine === b.cosine && byTime(a.item, b.item) < 0);
