/** A candidate merge; `a < b` are cluster numbers. */
export type Candidate = { similarity: number; a: number; b: number };

const before = (x: Candidate, y: Candidate): boolean =>
  x.similarity !== y.similarity ? x.similarity > y.similarity : x.a !== y.a ? x.a < y.a : x.b < y.b;

/** Binary heap, most similar first; ties by cluster numbers, so that the order is total. */
export class CandidateHeap {
  readonly #items: Candidate[] = [];

  push(item: Candidate): void {
    const items = this.#items;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent];
      if (above === undefined || !before(item, above)) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  pop(): Candidate | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (items.length > 0 && last !== undefined) this.#sink(last);
    return top;
  }

  #sink(item: Candidate): void {
    const items = this.#items;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const left = items[child];
      const right = items[child + 1];
      if (left === undefined) break;
      if (right !== undefined && before(right, left)) child += 1;
      const next = items[child];
      if (next === undefined || !before(next, item)) break;
      items[at] = next;
      at = child;
    }
    items[at] = item;
  }
}
