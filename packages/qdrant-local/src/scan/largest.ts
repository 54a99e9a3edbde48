/** The largest of the numbers offered: a heap of `size` of them, the least on top. */
export class Largest {
  readonly #heap: Float64Array;

  constructor(size: number) {
    this.#heap = new Float64Array(size).fill(-Infinity);
  }

  /** The `size`-th largest so far, -Infinity before there are as many. */
  get least(): number {
    return this.#heap[0] ?? Infinity;
  }

  add(value: number): void {
    const heap = this.#heap;
    if (!(value > this.least)) return;
    let parent = 0;
    for (;;) {
      let child = parent * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && (heap[child + 1] as number) < (heap[child] as number)) child += 1;
      if ((heap[child] as number) >= value) break;
      heap[parent] = heap[child] as number;
      parent = child;
    }
    heap[parent] = value;
  }
}
