import { compileFilters } from '../filter/compile.ts';
import type { Filter } from '../filter/types.ts';
import { comparePointIds } from '../request/point-id.ts';
import type { QueryNode, QueryRequest } from '../request/query.ts';
import type { PointId } from '../types.ts';
import type { Collection } from './collection.ts';
import { fuseByDistribution, fuseByRank } from './fusion.ts';
import { isNearest, Leaves, readNearest } from './leaves.ts';
import { nearest, ordering, prepare } from './nearest.ts';
import { checkListing, isListing, list } from './listing.ts';
import { TopK } from './top-k.ts';
import type { Hit } from './top-k.ts';

interface Run {
  collection: Collection;
  leaves: Leaves;
}

/** Answers a query: the hits of its page, best first. */
export async function runQuery(collection: Collection, request: QueryRequest): Promise<Hit[]> {
  const [hits] = await runQueries(collection, [request]);
  return hits as Hit[];
}

/**
 * Answers queries over one state of the collection, searches that they share done once. Hits name slots, which
 * hold until the collection changes: use them before anything else is awaited.
 */
export async function runQueries(
  collection: Collection,
  requests: readonly QueryRequest[],
): Promise<Hit[][]> {
  const run: Run = { collection, leaves: new Leaves() };
  for (const request of requests) collect(run, request, [], request.limit + request.offset);
  try {
    // All that takes long is awaited first: from here on nothing changes.
    await Promise.all(Array.from(run.leaves, prepare));
    return requests.map((request) =>
      runNode(run, request, [], request.limit + request.offset).slice(request.offset),
    );
  } finally {
    for (const { ceilings } of run.leaves) ceilings?.release();
  }
}

/** Requests come with their filters pushed down to the leaves; grouping adds one above that holds there too. */
const filtersOf = (node: QueryNode, above: readonly Filter[]): readonly Filter[] =>
  node.filter ? [...above, node.filter] : above;

/** Checks all that can be wrong before anything is searched, and notes the searches to be made. */
function collect(run: Run, node: QueryNode, above: readonly Filter[], limit: number): void {
  const filters = filtersOf(node, above);
  if (isListing(node.scoring)) checkListing(run.collection, node.scoring);
  if (isNearest(node.scoring)) {
    const query = readNearest(run.collection, node, node.scoring, filters, limit);
    if (node.prefetch.length === 0) run.leaves.add(node, query);
  }
  for (const child of node.prefetch) collect(run, child, filters, child.limit);
}

function runNode(run: Run, node: QueryNode, above: readonly Filter[], limit: number): Hit[] {
  const filters = filtersOf(node, above);
  const { collection } = run;
  const { scoring } = node;
  if (isNearest(scoring) && node.prefetch.length === 0) {
    const leaf = run.leaves.of(node);
    leaf.hits ??= nearest(collection, leaf, undefined);
    return leaf.hits.slice(0, limit);
  }
  const lists = node.prefetch.map((child) => runNode(run, child, filters, child.limit));
  const within = new Set(lists.flat().map((hit) => hit.slot));
  if (isListing(scoring)) {
    return list(collection, scoring, filters, lists.length > 0 ? within : undefined, limit);
  }
  if (isNearest(scoring)) {
    return nearest(collection, readNearest(collection, node, scoring, filters, limit), within);
  }
  const hits =
    scoring.kind === 'dbsf' ? fuseByDistribution(lists) : fuseByRank(lists, scoring.k, scoring.weights);
  return fused(collection, node, hits, limit);
}

function fused(collection: Collection, node: QueryNode, hits: Hit[], limit: number): Hit[] {
  const top = new TopK(limit, ordering(collection, false));
  const threshold = node.scoreThreshold ?? -Infinity;
  for (const { slot, score } of hits) if (score >= threshold) top.offer(slot, score);
  return top.sorted();
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
