import { sizesOf, sumsOf } from './points.ts';
import type { Partition, Points } from './points.ts';
import type { Merge } from './ward.ts';

/** Two groups are two topics when their docs are less than so similar across as they are within. */
const APART = 0.5;

type Node = { size: number; sum: Float64Array; topics: number };

/**
 * How many topics a tree of merges has. Two groups that join are told apart by the mean cosine of their points across, over
 * the geometric mean of those within: near 1 where a topic was cut at random, near 0 where two have nothing in common. A
 * group is one topic unless some merge within it joined two of at least `minSize` points whose ratio is below 1/2.
 */
export function countByCohesion(
  points: Points,
  partition: Partition,
  merges: readonly Merge[],
  minSize: number,
): number {
  const nodes = leavesOf(points, partition);
  for (const { a, b } of merges) nodes[a] = join(nodes[a]!, nodes[b]!, minSize);
  return nodes[0]?.topics ?? 0;
}

function leavesOf(points: Points, partition: Partition): Node[] {
  const sums = sumsOf(points, partition);
  return Array.from(sizesOf(partition), (size, group) => ({
    size,
    sum: sums.subarray(group * points.width, (group + 1) * points.width),
    topics: 1,
  }));
}

function join(a: Node, b: Node, minSize: number): Node {
  const sum = a.sum.map((value, j) => value + b.sum[j]!);
  const size = a.size + b.size;
  const apart = Math.min(a.size, b.size) >= minSize && ratioOf(a, b) < APART;
  // A side too small to be a topic adds none; what lies within a large side stays told apart.
  const topics = a.topics + b.topics - (apart ? 0 : 1);
  return { size, sum, topics };
}

function ratioOf(a: Node, b: Node): number {
  const across = product(a, b) / (a.size * b.size);
  return across / Math.sqrt(within(a) * within(b));
}

/** Mean cosine over the pairs of different points; a lone point is wholly like itself. */
function within(node: Node): number {
  const { size } = node;
  return size < 2 ? 1 : Math.max(1e-9, (product(node, node) - size) / (size * (size - 1)));
}

function product(a: Node, b: Node): number {
  let sum = 0;
  for (let j = 0; j < a.sum.length; j += 1) sum += a.sum[j]! * b.sum[j]!;
  return sum;
}
