import type { Steps } from '@afk/text';
import { CandidateHeap } from './heap.ts';
import { add, dot } from './vectors.ts';
import type { Sum } from './vectors.ts';

/** A group to begin with: one headline, or a story that stands already. */
export type Node = {
  sum: Sum;
  /** Moments of its headlines, milliseconds, ascending. */
  times: number[];
};

/** Pairs of nodes that may join, `from[e] < to[e]`, each once. */
export type Edges = { from: Int32Array; to: Int32Array };

export type AgglomerateOptions = {
  /** Least similarity of two groups that become one. */
  threshold: number;
  /** Silence that halves the similarity of two groups, of which the larger is told fast, milliseconds. */
  silenceHalfLifeMs: number;
};

type Cluster = Node & {
  members: number[];
  /** Squared length of the sum: how much the members agree. */
  self: number;
  /** Beginning and end of the time in which the bulk of its headlines came. */
  from: number;
  until: number;
  /** Neighbouring cluster -> sum of all products between the two. */
  links: Map<number, number>;
};

const MERGES_A_STEP = 64;
/**
 * A link whose cosine is below this share of the threshold is dropped: it would be carried through every merge of a large
 * story, and none of those that were kept came to anything (same groups with 0 to .7 on the headlines measured with).
 */
const HOPELESS = 0.5;
/** Share of the earliest, and of the latest, headlines that do not count for when a group was told. */
const TRIMMED = 0.1;
/** Half-life of a group: so many of its mean intervals, within so many times the least; that of one without a pace. */
const INTERVALS = 4;
const MOST_PATIENCE = 4;
export const LONE_PATIENCE = 2;
const FEWEST_PACED = 3;
// Quantiles of so many moments are good enough; more would only be copied about.
const MOST_TIMES = 512;

/**
 * Centroid-cosine agglomeration over a sparse graph: the most similar pair merges until none reaches the threshold. Only
 * clusters joined by an edge are candidates, but their similarity is exact. The cosine of two sums equals the mean
 * cosine over all pairs between the two divided by the geometric mean of what they have within: a pair of lone headlines
 * must be close, two broad groups no closer than they are in themselves, and a chain in which each headline resembles
 * only the next does not grow, because its sum points nowhere (average and centroid linkage: Sokal & Michener 1958).
 *
 * Silence between the two lessens the similarity: the gap from the bulk (central 80 %) of the earlier one's headlines to the
 * bulk of the later one's. News comes in bursts: where a hundred headlines came in an hour, what is told a day later is,
 * more often than not, the next event of the same subject; where one came every nine hours, it is the next headline.
 * So the half-life is four mean intervals of the larger group, within once and four times `silenceHalfLifeMs`. The
 * bulk, because one stray headline would bridge any silence.
 *
 * Returns the nodes of each cluster, ascending; clusters in order of their first node. Memory: sums + edges.
 */
export function* agglomerate(
  nodes: readonly Node[],
  edges: Edges,
  options: AgglomerateOptions,
): Steps<number[][]> {
  const clusters: (Cluster | undefined)[] = nodes.map(leaf);
  const heap = new CandidateHeap();
  const offer = (a: number, b: number): void => {
    const [left, right] = [clusters[a], clusters[b]];
    if (!left || !right) return;
    const similarity = similarityOf(left, right, left.links.get(b) ?? 0, options);
    if (similarity >= options.threshold) heap.push({ similarity, a: Math.min(a, b), b: Math.max(a, b) });
  };
  const hopeless = (HOPELESS * options.threshold) ** 2;
  for (let e = 0; e < edges.from.length; e += 1) {
    link(clusters, edges.from[e]!, edges.to[e]!, hopeless);
    offer(edges.from[e]!, edges.to[e]!);
    if (e % 4096 === 4095) yield;
  }
  let merges = 0;
  for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
    if (!clusters[top.a] || !clusters[top.b]) continue;
    const id = clusters.length;
    clusters.push(merge(clusters, top.a, top.b, hopeless));
    for (const other of clusters[id]!.links.keys()) offer(id, other);
    merges += 1;
    if (merges % MERGES_A_STEP === 0) yield;
  }
  return clusters
    .flatMap((cluster) => (cluster ? [cluster.members.sort((a, b) => a - b)] : []))
    .toSorted((a, b) => a[0]! - b[0]!);
}

function similarityOf(a: Cluster, b: Cluster, product: number, options: AgglomerateOptions): number {
  const silence = Math.max(0, Math.max(a.from, b.from) - Math.min(a.until, b.until));
  const halfLife = halfLifeOf(a.times.length >= b.times.length ? a : b, options.silenceHalfLifeMs);
  return (product / Math.sqrt(a.self * b.self)) * 2 ** (-silence / halfLife);
}

/** By the pace of the larger group: mean interval of its bulk. A group of one or two has none yet. */
function halfLifeOf({ times, from, until }: Cluster, least: number): number {
  if (times.length < FEWEST_PACED) return LONE_PATIENCE * least;
  const interval = (until - from) / (times.length - 1);
  return Math.min(MOST_PATIENCE * least, Math.max(least, INTERVALS * interval));
}

function leaf({ sum, times }: Node, i: number): Cluster {
  return { sum, times, members: [i], self: dot(sum, sum), ...bulkOf(times), links: new Map() };
}

function bulkOf(times: readonly number[]): { from: number; until: number } {
  const trimmed = Math.floor(times.length * TRIMMED);
  return { from: times[trimmed]!, until: times[times.length - 1 - trimmed]! };
}

function link(clusters: readonly (Cluster | undefined)[], a: number, b: number, hopeless: number): void {
  const [left, right] = [clusters[a]!, clusters[b]!];
  const product = dot(left.sum, right.sum);
  if (isHopeless(product, left.self, right.self, hopeless)) return;
  left.links.set(b, product);
  right.links.set(a, product);
}

const isHopeless = (product: number, a: number, b: number, hopeless: number): boolean =>
  product * product < hopeless * a * b;

/** Takes a and b out, gives their union; its links are the union of theirs. */
function merge(clusters: (Cluster | undefined)[], a: number, b: number, hopeless: number): Cluster {
  const [left, right] = [clusters[a]!, clusters[b]!];
  clusters[a] = undefined;
  clusters[b] = undefined;
  const id = clusters.length;
  const links = new Map<number, number>();
  const self = left.self + right.self + 2 * (left.links.get(b) ?? 0);
  for (const other of new Set([...left.links.keys(), ...right.links.keys()])) {
    const neighbour = clusters[other];
    if (!neighbour) continue;
    // Products add up; where only one side had the edge, the other part is computed now.
    const product =
      (left.links.get(other) ?? dot(left.sum, neighbour.sum)) +
      (right.links.get(other) ?? dot(right.sum, neighbour.sum));
    neighbour.links.delete(a);
    neighbour.links.delete(b);
    if (isHopeless(product, self, neighbour.self, hopeless)) continue;
    links.set(other, product);
    neighbour.links.set(id, product);
  }
  const times = mergedTimes(left.times, right.times);
  return {
    members: poured(left.members, right.members),
    sum: add(left.sum, right.sum),
    self,
    times,
    ...bulkOf(times),
    links,
  };
}

/** The shorter list poured into the longer one: a story of thousands that gains one costs one. */
function poured(x: number[], y: number[]): number[] {
  const [short, long] = x.length <= y.length ? [x, y] : [y, x];
  for (const member of short) long.push(member);
  return long;
}

function mergedTimes(x: readonly number[], y: readonly number[]): number[] {
  const all: number[] = [];
  for (let i = 0, j = 0; i < x.length || j < y.length;) {
    const fromX = j >= y.length || (i < x.length && x[i]! <= y[j]!);
    all.push(fromX ? x[i++]! : y[j++]!);
  }
  return all.length <= MOST_TIMES ? all : all.filter((_, i) => i % 2 === 0);
}
