/** A point found, by slot. */
export interface Hit {
  slot: number;
  score: number;
  /** True of points that were listed and not scored, with the value that they are ordered by, if any. */
  listed?: boolean;
  orderValue?: number;
}

/** True when `a` comes before `b` in the answer. */
export type Before = (a: Hit, b: Hit) => boolean;

/** Keeps the best `limit` of the hits offered: a heap with the worst kept one on top. */
export class TopK {
  readonly #heap: Hit[] = [];
  readonly limit: number;
  readonly #before: Before;

  constructor(limit: number, before: Before) {
    this.limit = limit;
    this.#before = before;
  }

  /** The last of the hits kept once there are as many as wanted: what comes after it is of no use. */
  get last(): Hit | undefined {
    return this.#heap.length < this.limit ? undefined : this.#heap[0];
  }

  /** Whether a hit of this score may be kept, before a closer look at it. */
  admits(score: number, ascending: boolean): boolean {
    const { last } = this;
    return !last || (ascending ? score <= last.score : score >= last.score);
  }

  offer(slot: number, score: number): void {
    const hit = { slot, score };
    if (this.#heap.length < this.limit) this.#push(hit);
    else if (this.#heap[0] && this.#before(hit, this.#heap[0])) this.#replaceTop(hit);
  }

  /** The hits kept, best first. */
  sorted(): Hit[] {
    return this.#heap.toSorted((a, b) => (this.#before(a, b) ? -1 : 1));
  }

  #push(hit: Hit): void {
    const heap = this.#heap;
    let child = heap.push(hit) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#before(heap[parent] as Hit, hit)) break;
      heap[child] = heap[parent] as Hit;
      child = parent;
    }
    heap[child] = hit;
  }

  #replaceTop(hit: Hit): void {
    const heap = this.#heap;
    let parent = 0;
    for (;;) {
      let child = parent * 2 + 1;
      if (child >= heap.length) break;
      const right = child + 1;
      if (right < heap.length && this.#before(heap[child] as Hit, heap[right] as Hit)) child = right;
      if (!this.#before(hit, heap[child] as Hit)) break;
      heap[parent] = heap[child] as Hit;
      parent = child;
    }
    heap[parent] = hit;
  }
}
