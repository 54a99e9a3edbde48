import { Largest } from '../scan/largest.ts';
import type { SparseVector } from '../types.ts';
import type { QueryTerm, Scratch, SparseStore } from './sparse-store.ts';

/** Where hits go. */
export interface Sink {
  /** How many are wanted. */
  limit: number;
  /** Offers a hit and returns the score below which further ones are of no use, as far as is known. */
  offer(slot: number, score: number): number;
}

/** Scores are rounded to 32 bits, and equal ones go by id: what is this close to a bound is not ruled out by it. */
const ROUNDING = 2e-7;
/** Completing a point from its vector takes about as long as adding up so many entries. */
const COMPLETION_COST = 24;

const below = (bound: number): number => bound - Math.abs(bound) * ROUNDING;

/** Offers the scores of those of `slots` that share an index with the query. */
export function offerSlots(
  store: SparseStore,
  query: SparseVector,
  slots: Iterable<number>,
  sink: Sink,
): void {
  const terms = store.terms(query);
  for (const slot of slots) {
    const score = store.addTo(undefined, slot, terms, 0);
    if (score !== undefined) sink.offer(slot, Math.fround(score));
  }
}

/** How many entries a search of the whole store reads at most. */
export const entriesOf = (store: SparseStore, query: SparseVector): number =>
  store.terms(query).reduce((sum, { length }) => sum + length, 0);

/**
 * Offers the points that share an index with the query, and have a chance. With `prune`, which is for sinks that
 * take all they are offered, points are left out as in MaxScore (Turtle and Flood 1995): the weightiest terms are
 * added up first, and when what is left cannot lift a new point over the `limit` best so far, only those that it
 * can lift are completed, from their vectors.
 */
export function offerMatches(store: SparseStore, query: SparseVector, prune: boolean, sink: Sink): void {
  const terms = store.terms(query);
  const bounded = prune && !store.hasNegative && terms.every(({ weight }) => weight >= 0);
  const sums = new Sums(store.scratch());
  try {
    offerSums(store, terms, sums, addUp(sums, terms, bounded ? sink.limit : undefined), sink);
  } finally {
    sums.clear();
  }
}

interface Bounds {
  /** The score that a point needs, as far as is known. */
  floor: number;
  /** How many of the terms are in the sums, and what the others may add to any of them. */
  added: number;
  rest: number;
}

/** Without a limit, adds up all. */
function addUp(sums: Sums, terms: readonly QueryTerm[], limit: number | undefined): Bounds {
  let rest = terms.reduce((total, { most }) => total + most, 0);
  let left = terms.reduce((total, { length }) => total + length, 0);
  for (const [added, term] of terms.entries()) {
    if (limit !== undefined && sums.count >= limit && left > sums.count) {
      const floor = below(sums.best(limit));
      if (rest < floor && left > COMPLETION_COST * sums.countFrom(floor - rest))
        return { floor, added, rest };
    }
    sums.add(term);
    rest -= term.most;
    left -= term.length;
  }
  return { floor: -Infinity, added: terms.length, rest: 0 };
}

function offerSums(
  store: SparseStore,
  terms: readonly QueryTerm[],
  sums: Sums,
  { floor, added, rest }: Bounds,
  sink: Sink,
): void {
  let least = floor;
  for (let at = 0; at < sums.count; at++) {
    const slot = sums.slotAt(at);
    const sum = sums.of(slot);
    const most = sum + rest;
    if (most + Math.abs(most) * ROUNDING < least) continue;
    const score = added < terms.length ? (store.addTo(sum, slot, terms, added) as number) : sum;
    least = Math.max(least, below(sink.offer(slot, Math.fround(score))));
  }
}

/** Sums by slot, in scratch arrays that are clean again after `clear`. */
class Sums {
  readonly #scratch: Scratch;
  count = 0;

  constructor(scratch: Scratch) {
    this.#scratch = scratch;
  }

  add({ slots, values, start, length, weight }: QueryTerm): void {
    const { sums, seen, met } = this.#scratch;
    let { count } = this;
    for (let entry = start; entry < start + length; entry++) {
      const slot = slots[entry] as number;
      if (seen[slot] === 0) {
        seen[slot] = 1;
        met[count++] = slot;
      }
      sums[slot] = (sums[slot] as number) + weight * (values[entry] as number);
    }
    this.count = count;
  }

  slotAt(position: number): number {
    return this.#scratch.met[position] as number;
  }

  of(slot: number): number {
    return this.#scratch.sums[slot] as number;
  }

  clear(): void {
    const { sums, seen, met } = this.#scratch;
    for (let at = 0; at < this.count; at++) {
      const slot = met[at] as number;
      sums[slot] = 0;
      seen[slot] = 0;
    }
    this.count = 0;
  }

  /** How many sums are not below `least`. */
  countFrom(least: number): number {
    const { sums, met } = this.#scratch;
    let count = 0;
    for (let at = 0; at < this.count; at++) if ((sums[met[at] as number] as number) >= least) count += 1;
    return count;
  }

  /** The `rank`-th largest sum. */
  best(rank: number): number {
    const { sums, met } = this.#scratch;
    const largest = new Largest(rank);
    for (let at = 0; at < this.count; at++) largest.add(sums[met[at] as number] as number);
    return largest.least;
  }
}
