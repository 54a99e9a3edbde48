import { comparePointIds } from '../request/point-id.ts';
import type { PointId } from '../types.ts';

/** First position whose id is not below `id`. */
function lowerBound(ids: readonly PointId[], id: PointId): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (comparePointIds(ids[middle] as PointId, id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The ids in scroll order. Additions and removals are only noted, and merged in one pass when the order is
 * next read: a batch of writes costs one O(n) merge, not a search each.
 */
export class IdOrder {
  #sorted: PointId[] = [];
  #added: PointId[] = [];
  #stale = false;
  readonly #exists: (id: PointId) => boolean;

  constructor(exists: (id: PointId) => boolean) {
    this.#exists = exists;
  }

  add(id: PointId): void {
    this.#added.push(id);
  }

  remove(): void {
    this.#stale = true;
  }

  /** Ids from `start` (inclusive) on. Not to be kept across writes. */
  *from(start: PointId | undefined): Generator<PointId> {
    this.#settle();
    const sorted = this.#sorted;
    const first = start === undefined ? 0 : lowerBound(sorted, start);
    for (let position = first; position < sorted.length; position++) yield sorted[position] as PointId;
  }

  #settle(): void {
    if (this.#added.length === 0 && !this.#stale) return;
    const added = this.#added.sort(comparePointIds);
    const merged: PointId[] = [];
    const push = (id: PointId): void => {
      if (merged.at(-1) !== id && this.#exists(id)) merged.push(id);
    };
    let next = 0;
    for (const id of this.#sorted) {
      while (next < added.length && comparePointIds(added[next] as PointId, id) < 0)
        push(added[next++] as PointId);
      push(id);
    }
    while (next < added.length) push(added[next++] as PointId);
    this.#sorted = merged;
    this.#added = [];
    this.#stale = false;
  }
}
