import { pack } from './vectors.ts';
import type { Vector } from './vectors.ts';

/** Numbers the terms of a window. A number is good for one window; the hash is the same everywhere. */
export class Vocabulary {
  readonly #columns = new Map<number, number>();
  readonly #hashes: number[] = [];

  columnOf(hash: number): number {
    const known = this.#columns.get(hash);
    if (known !== undefined) return known;
    this.#columns.set(hash, this.#hashes.length);
    return this.#hashes.push(hash) - 1;
  }

  hashOf(column: number): number {
    return this.#hashes[column]!;
  }

  /** A headline's terms, with how often each occurs. */
  vectorOf(counts: ReadonlyMap<number, number>): Vector {
    const entries = [...counts].map(([hash, count]) => [this.columnOf(hash), count] as const);
    entries.sort(([a], [b]) => a - b);
    return pack(
      entries.map(([column]) => column),
      entries.map(([, count]) => count),
    );
  }
}
