import { badInput, notFound } from '../errors.ts';
import { compileFilters } from '../filter/compile.ts';
import type { Filter } from '../filter/types.ts';
import { comparePointIds } from '../request/point-id.ts';
import type { QueryNode, QueryRequest, Scoring } from '../request/query.ts';
import { readDenseVector, readSparseVector } from '../request/vector.ts';
import { DEFAULT_VECTOR } from '../types.ts';
import type { PointId, Vector } from '../types.ts';
import type { Collection } from './collection.ts';
import { DenseStore } from './dense-store.ts';
import { fuseByRank } from './fusion.ts';
import type { SparseStore } from './sparse-store.ts';
import { TopK } from './top-k.ts';
import type { Before, Hit } from './top-k.ts';

type NearestScoring = Exclude<Scoring, { kind: 'rrf' }>;

/** Answers a query: the hits of its page, best first. */
export function runQuery(collection: Collection, request: QueryRequest): Hit[] {
  const hits = runNode(collection, request, [], request.limit + request.offset);
  return hits.slice(request.offset);
}

/** A filter holds for all prefetches below it too, as on the server. */
function runNode(collection: Collection, node: QueryNode, above: readonly Filter[], limit: number): Hit[] {
  const filters = node.filter ? [...above, node.filter] : above;
  const { scoring } = node;
  if (!scoring) {
    return Array.from(idsInOrder(collection, filters, undefined, limit), (slot) => ({ slot, score: 0 }));
  }
  // Settled before the prefetches run, so that a wrong name is refused however little they find.
  const store = scoring.kind === 'rrf' ? undefined : storeOf(collection, node.using);
  const lists = node.prefetch.map((child) => runNode(collection, child, filters, child.limit));
  if (scoring.kind === 'rrf')
    return fused(collection, node, fuseByRank(lists, scoring.k, scoring.weights), limit);
  const within = lists.length > 0 ? new Set(lists.flat().map((hit) => hit.slot)) : undefined;
  return nearest(collection, {
    node,
    scoring,
    store: store as DenseStore | SparseStore,
    filters,
    within,
    limit,
  });
}

function fused(collection: Collection, node: QueryNode, hits: Hit[], limit: number): Hit[] {
  const top = new TopK(limit, ordering(collection, false));
  const threshold = node.scoreThreshold ?? -Infinity;
  for (const { slot, score } of hits) if (score >= threshold) top.offer(slot, score);
  return top.sorted();
}

/** Better scores first; equal ones by id, so that the same question has the same answer after a restart. */
function ordering({ points }: Collection, ascending: boolean): Before {
  return (a, b) => {
    if (a.score !== b.score) return ascending ? a.score < b.score : a.score > b.score;
    return comparePointIds(points.idAt(a.slot), points.idAt(b.slot)) < 0;
  };
}

function storeOf({ dense, sparse }: Collection, name: string): DenseStore | SparseStore {
  const store = dense.get(name) ?? sparse.get(name);
  if (store) return store;
  const names = [...dense.keys(), ...sparse.keys()].join(', ');
  throw badInput(
    name === DEFAULT_VECTOR
      ? `Collection requires specified vector name in the request, available names: ${names}`
      : `Vector with name \`${name}\` is not configured in this collection, available names: ${names}`,
  );
}

function queryVector(collection: Collection, node: QueryNode, scoring: NearestScoring): Vector {
  if (scoring.kind === 'point') return vectorOfPoint(collection, scoring.id, node.using);
  const dense = collection.config.dense.get(node.using);
  return dense ? readDenseVector(scoring.vector, dense, 'query') : readSparseVector(scoring.vector, 'query');
}

function vectorOfPoint(collection: Collection, id: PointId, name: string): Vector {
  const slot = collection.points.slotOf(id);
  if (slot === undefined) throw notFound(`No point with id ${id} found`);
  const vector = collection.vectorAt(slot, name);
  if (!vector) throw notFound(`Vector with name "${name}" not found for point ${id}`);
  return vector;
}

interface Nearest {
  node: QueryNode;
  scoring: NearestScoring;
  store: DenseStore | SparseStore;
  filters: readonly Filter[];
  within: ReadonlySet<number> | undefined;
  limit: number;
}

function nearest(collection: Collection, { node, scoring, store, filters, within, limit }: Nearest): Hit[] {
  const { points } = collection;
  const vector = queryVector(collection, node, scoring);
  const filter = compileFilters(filters, collection);
  const ascending = store instanceof DenseStore && store.ascending;
  const excluded = scoring.kind === 'point' ? points.slotOf(scoring.id) : undefined;
  const top = new TopK(Math.min(limit, points.size), ordering(collection, ascending));
  const visit = (slot: number, score: number): void => {
    if (slot === excluded || !passesThreshold(score, node.scoreThreshold, ascending)) return;
    if (within && !within.has(slot)) return;
    if (!filter || filter.test(slot)) top.offer(slot, score);
  };
  const slots = smaller(within, filter?.candidates);
  if (store instanceof DenseStore) store.search(vector as Float32Array, slots ?? points.liveSlots(), visit);
  else store.search(vector as Exclude<Vector, Float32Array>, slots, visit);
  return top.sorted();
}

/** Strictly better than the threshold, as the server has it for distances. */
function passesThreshold(score: number, threshold: number | undefined, ascending: boolean): boolean {
  if (threshold === undefined) return true;
  return ascending ? score < threshold : score > threshold;
}

function smaller(
  a: ReadonlySet<number> | undefined,
  b: ReadonlySet<number> | undefined,
): ReadonlySet<number> | undefined {
  if (!a || !b) return a ?? b;
  return a.size <= b.size ? a : b;
}

/** The slots that pass, in order of id, from `start` (inclusive) on. */
export function* idsInOrder(
  collection: Collection,
  filters: readonly Filter[],
  start: PointId | undefined,
  limit: number,
): Generator<number> {
  const { points } = collection;
  const filter = compileFilters(filters, collection);
  let left = limit;
  for (const id of orderedIds(collection, filter?.candidates, start)) {
    if (left <= 0) return;
    const slot = points.slotOf(id) as number;
    if (filter && !filter.test(slot)) continue;
    left -= 1;
    yield slot;
  }
}

/** Sorting the few candidates beats walking all the ids. */
function orderedIds(
  { points }: Collection,
  candidates: ReadonlySet<number> | undefined,
  start: PointId | undefined,
): Iterable<PointId> {
  if (!candidates || candidates.size > points.size / 8) return points.order.from(start);
  const ids = Array.from(candidates, (slot) => points.idAt(slot));
  const later = start === undefined ? ids : ids.filter((id) => comparePointIds(id, start) >= 0);
  return later.sort(comparePointIds);
}

/** Every slot that passes, in no order. */
export function* matchingSlots(collection: Collection, filter: Filter): Generator<number> {
  const compiled = compileFilters([filter], collection);
  for (const slot of compiled?.candidates ?? collection.points.liveSlots()) {
    if (!compiled || compiled.test(slot)) yield slot;
  }
}
