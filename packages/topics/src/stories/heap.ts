/** A candidate merge; `a < b` are cluster numbers. */
export type Candidate = { similarity: number; a: number; b: number };

/** Binary heap, most similar first; ties by cluster numbers, so that the order is total. 16 bytes a candidate. */
export class CandidateHeap {
  #similarities = new Float64Array(1024);
  #pairs = new Int32Array(2048);
  #size = 0;

  push({ similarity, a, b }: Candidate): void {
    if (this.#size === this.#similarities.length) this.#grow();
    let at = this.#size;
    this.#size += 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#follows(parent, similarity, a, b)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, similarity, a, b);
  }

  pop(): Candidate | undefined {
    if (this.#size === 0) return undefined;
    const top = { similarity: this.#similarities[0]!, a: this.#pairs[0]!, b: this.#pairs[1]! };
    this.#size -= 1;
    if (this.#size > 0) this.#sink();
    return top;
  }

  /** Puts the last candidate where it belongs, from the top. */
  #sink(): void {
    const last = this.#size;
    const [similarity, a, b] = [
      this.#similarities[last]!,
      this.#pairs[2 * last]!,
      this.#pairs[2 * last + 1]!,
    ];
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      const right = child + 1;
      if (right < this.#size && this.#followsOther(child, right)) child = right;
      if (this.#follows(child, similarity, a, b)) break;
      this.#move(child, at);
      at = child;
    }
    this.#put(at, similarity, a, b);
  }

  /** Does the candidate at `at` come after the given one? */
  #follows(at: number, similarity: number, a: number, b: number): boolean {
    const own = this.#similarities[at]!;
    if (own !== similarity) return own < similarity;
    const first = this.#pairs[2 * at]!;
    return first !== a ? first > a : this.#pairs[2 * at + 1]! > b;
  }

  #followsOther(at: number, other: number): boolean {
    return this.#follows(
      at,
      this.#similarities[other]!,
      this.#pairs[2 * other]!,
      this.#pairs[2 * other + 1]!,
    );
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#similarities[from]!, this.#pairs[2 * from]!, this.#pairs[2 * from + 1]!);
  }

  #put(at: number, similarity: number, a: number, b: number): void {
    this.#similarities[at] = similarity;
    this.#pairs[2 * at] = a;
    this.#pairs[2 * at + 1] = b;
  }

  #grow(): void {
    const [similarities, pairs] = [this.#similarities, this.#pairs];
    this.#similarities = new Float64Array(similarities.length * 2);
    this.#similarities.set(similarities);
    this.#pairs = new Int32Array(pairs.length * 2);
    this.#pairs.set(pairs);
  }
}
