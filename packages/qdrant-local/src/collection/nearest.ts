import { compileFilters } from '../filter/compile.ts';
import { comparePointIds } from '../request/point-id.ts';
import type { Collection } from './collection.ts';
import { DenseStore } from './dense-store.ts';
import type { Leaf } from './leaves.ts';
import { entriesOf, offerMatches, offerSlots } from './sparse-search.ts';
import type { SparseStore } from './sparse-store.ts';
import { TopK } from './top-k.ts';
import type { Before, Hit } from './top-k.ts';
import type { SparseVector } from '../types.ts';

type Slots = ReadonlySet<number>;

/** Scoring a row costs so many times its share of a look at all rows. */
const ROW_COST = 16;

/** Better scores first; equal ones by id, so that the same question has the same answer after a restart. */
export function ordering({ points }: Collection, ascending: boolean): Before {
  return (a, b) => {
    if (a.score !== b.score) return ascending ? a.score < b.score : a.score > b.score;
    return comparePointIds(points.idAt(a.slot), points.idAt(b.slot)) < 0;
  };
}

/** Does what takes long, and needs no one state of the collection, in another thread. */
export async function prepare(leaf: Leaf): Promise<void> {
  const { store, vector } = leaf;
  if (store instanceof DenseStore && store.isLong) {
    leaf.ceilings = await store.ceilingsElsewhere(vector as Float32Array);
  }
}

/** Which points may be in the answer. */
interface Scope {
  /** Slots outside of which there is none, where that is known. */
  slots: Slots | undefined;
  /** Undefined when all may. */
  passes: ((slot: number) => boolean) | undefined;
  excluded: number | undefined;
}

function scopeOf(collection: Collection, query: Leaf, within: Slots | undefined): Scope {
  const filter = compileFilters(query.filters, collection);
  const slots = smaller(within, filter?.candidates);
  const excluded = query.self === undefined ? undefined : collection.points.slotOf(query.self);
  if (!slots && !filter && excluded === undefined) return { slots, passes: undefined, excluded };
  const passes = (slot: number): boolean =>
    slot !== excluded &&
    (!slots || slots.has(slot)) &&
    (!within || slots === within || within.has(slot)) &&
    (!filter || filter.test(slot));
  return { slots, passes, excluded };
}

function smaller(a: Slots | undefined, b: Slots | undefined): Slots | undefined {
  if (!a || !b) return a ?? b;
  return a.size <= b.size ? a : b;
}

/** The best of the points `within`, or of all. */
export function nearest(collection: Collection, query: Leaf, within: Slots | undefined): Hit[] {
  const { store } = query;
  const scope = scopeOf(collection, query, within);
  const ascending = store instanceof DenseStore && store.ascending;
  const limit = Math.min(query.limit, collection.points.size);
  const top = new TopK(limit, ordering(collection, ascending));
  if (limit === 0) return [];
  if (store instanceof DenseStore) nearestDense(store, query, scope, top);
  else nearestSparse(store, query, scope, top);
  return top.sorted();
}

/** Strictly better than the threshold, as the server has it for distances. */
function passesThreshold(score: number, threshold: number | undefined, ascending: boolean): boolean {
  if (threshold === undefined) return true;
  return ascending ? score < threshold : score > threshold;
}

function nearestSparse(store: SparseStore, query: Leaf, { slots, passes }: Scope, top: TopK): void {
  const vector = query.vector as SparseVector;
  const offer = (slot: number, score: number): number => {
    const isOfUse = top.admits(score, false) && passesThreshold(score, query.threshold, false);
    if (isOfUse && (!passes || passes(slot))) top.offer(slot, score);
    return top.last?.score ?? -Infinity;
  };
  const sink = { limit: top.limit, offer };
  if (slots && slots.size < entriesOf(store, vector)) offerSlots(store, vector, slots, sink);
  else offerMatches(store, vector, passes === undefined, sink);
}

function nearestDense(store: DenseStore, query: Leaf, { slots, passes }: Scope, top: TopK): void {
  const vector = query.vector as Float32Array;
  const isEligible = (slot: number): boolean => store.has(slot) && (!passes || passes(slot));
  const offer = (slot: number): void => {
    const score = store.score(slot, vector);
    if (passesThreshold(score, query.threshold, store.ascending)) top.offer(slot, score);
  };
  if (slots && slots.size * ROW_COST < store.slots) {
    for (const slot of slots) if (isEligible(slot)) offer(slot);
    return;
  }
  const ceilings = query.ceilings ?? store.ceilings(vector);
  for (const slot of ceilings?.shortlist(top.limit, isEligible) ?? []) {
    if (top.last && (ceilings?.at(slot) as number) < store.floor(top.last.score, vector)) continue;
    offer(slot);
  }
  for (let slot = ceilings?.length ?? 0; slot < store.slots; slot++) if (isEligible(slot)) offer(slot);
  if (ceilings !== query.ceilings) ceilings?.release();
}
