import type { Steps } from '@afk/text';
import { CandidateHeap } from './heap.ts';
import type { Graph } from './neighbours.ts';
import { rowCount } from './rows.ts';
import type { Rows } from './rows.ts';

type Cluster = {
  members: number[];
  /** Sum of the members' rows: columns ascending, values beside. */
  columns: Int32Array;
  values: Float64Array;
  /** Squared length of the sum: how much the members agree. */
  self: number;
  start: number;
  end: number;
  /** Neighbouring cluster -> sum of all cosines between the two. */
  links: Map<number, number>;
};

export type AgglomerateOptions = {
  /** Least cosine of two clusters' centroids for a merge. */
  threshold: number;
  maxGapMs: number;
  /** First and last moment of each row, milliseconds. */
  from: Float64Array;
  until: Float64Array;
};

const MERGES_A_STEP = 64;

/**
 * Centroid-cosine agglomeration over a sparse graph: the most similar pair merges until none reaches the threshold. Only
 * clusters joined by an edge are candidates, but their similarity is exact. It equals the mean cosine over all their
 * pairs divided by the geometric mean of what the two have within: a pair of lone headlines must be
 * close, two broad clusters no closer than they are in themselves, and a chain in which each headline resembles only
 * the next does not grow, because its sum points nowhere. Memory: rows + edges.
 *
 * Returns the members of each cluster, ascending; clusters in order of their first member.
 */
export function* agglomerate(rows: Rows, graph: Graph, options: AgglomerateOptions): Steps<number[][]> {
  const clusters = leaves(rows, options);
  const heap = new CandidateHeap();
  const offer = (a: number, b: number): void => {
    const left = clusters[a];
    const right = clusters[b];
    if (left === null || left === undefined || right === null || right === undefined) return;
    const similarity = (left.links.get(b) ?? 0) / Math.sqrt(left.self * right.self);
    if (similarity >= options.threshold) heap.push({ similarity, a: Math.min(a, b), b: Math.max(a, b) });
  };
  for (const [e, a] of graph.from.entries()) link(clusters, a, graph.to[e] ?? 0);
  for (const [e, a] of graph.from.entries()) offer(a, graph.to[e] ?? 0);

  let merges = 0;
  for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
    const left = clusters[top.a];
    const right = clusters[top.b];
    if (left === null || left === undefined || right === null || right === undefined) continue;
    if (Math.max(left.start, right.start) - Math.min(left.end, right.end) > options.maxGapMs) continue;
    const id = clusters.length;
    clusters.push(merge(clusters, top.a, top.b));
    for (const other of clusters[id]?.links.keys() ?? []) offer(id, other);
    merges += 1;
    if (merges % MERGES_A_STEP === 0) yield;
  }
  return clusters
    .flatMap((cluster) => (cluster === null ? [] : [cluster.members]))
    .toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}

function leaves(rows: Rows, options: AgglomerateOptions): (Cluster | null)[] {
  return Array.from({ length: rowCount(rows) }, (_, i) => ({
    members: [i],
    columns: rows.columns.subarray(rows.starts[i], rows.starts[i + 1]),
    values: rows.values.subarray(rows.starts[i], rows.starts[i + 1]),
    self: 1,
    start: options.from[i] ?? 0,
    end: options.until[i] ?? 0,
    links: new Map(),
  }));
}

function link(clusters: (Cluster | null)[], a: number, b: number): void {
  const left = clusters[a];
  const right = clusters[b];
  if (!left || !right) return;
  const sum = dot(left, right);
  left.links.set(b, sum);
  right.links.set(a, sum);
}

/** Takes a and b out, gives their union; its links are the union of theirs. */
function merge(clusters: (Cluster | null)[], a: number, b: number): Cluster | null {
  const left = clusters[a];
  const right = clusters[b];
  if (!left || !right) return null;
  clusters[a] = null;
  clusters[b] = null;
  const id = clusters.length;
  const links = new Map<number, number>();
  for (const other of new Set([...left.links.keys(), ...right.links.keys()])) {
    const neighbour = clusters[other];
    if (!neighbour) continue;
    // Sums add up; where only one side had the edge, the other part is computed now.
    const sum =
      (left.links.get(other) ?? dot(left, neighbour)) + (right.links.get(other) ?? dot(right, neighbour));
    links.set(other, sum);
    neighbour.links.delete(a);
    neighbour.links.delete(b);
    neighbour.links.set(id, sum);
  }
  return {
    members: [...left.members, ...right.members].sort((x, y) => x - y),
    ...addRows(left, right),
    self: left.self + right.self + 2 * (left.links.get(b) ?? 0),
    start: Math.min(left.start, right.start),
    end: Math.max(left.end, right.end),
    links,
  };
}

type SparseRow = Pick<Cluster, 'columns' | 'values'>;

/** Dot product: each column of the shorter row is looked up in the longer by bisection. */
function dot(x: SparseRow, y: SparseRow): number {
  const [short, long] = x.columns.length <= y.columns.length ? [x, y] : [y, x];
  let sum = 0;
  let low = 0;
  for (const [k, column] of short.columns.entries()) {
    let high = long.columns.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((long.columns[middle] ?? 0) < column) low = middle + 1;
      else high = middle;
    }
    if (long.columns[low] === column) sum += (short.values[k] ?? 0) * (long.values[low] ?? 0);
  }
  return sum;
}

function addRows(x: SparseRow, y: SparseRow): SparseRow {
  const columns = new Int32Array(x.columns.length + y.columns.length);
  const values = new Float64Array(columns.length);
  let at = 0;
  for (let i = 0, j = 0; i < x.columns.length || j < y.columns.length; at += 1) {
    const left = x.columns[i] ?? Infinity;
    const right = y.columns[j] ?? Infinity;
    columns[at] = Math.min(left, right);
    if (left <= right) {
      values[at] = x.values[i] ?? 0;
      i += 1;
    }
    if (right <= left) {
      values[at] = (values[at] ?? 0) + (y.values[j] ?? 0);
      j += 1;
    }
  }
  return { columns: columns.slice(0, at), values: values.slice(0, at) };
}
