import type { Steps } from '@afk/text';
import { compact, squaresOf, sumsOf } from './points.ts';
import type { Partition, Points } from './points.ts';

/** Of groups `a` < `b` the union goes on as `a`. */
export type Merge = { a: number; b: number };

const MERGES_A_STEP = 16;

/**
 * Ward's method (1963) on the sphere: always the two groups merge whose union costs spherical k-means least,
 * |A| + |B| - |A + B| for sums of unit vectors. All groups - 1 merges, cheapest first. Time: the cube of the groups;
 * memory: their square.
 */
export function* wardMerges(points: Points, partition: Partition): Steps<Merge[]> {
  const { groups } = partition;
  const products = gramOf(sumsOf(points, partition), groups, points.width);
  const alive = Array.from({ length: groups }, (_, group) => group);
  const merges: Merge[] = [];
  while (alive.length > 1) {
    const { a, b } = cheapest(products, alive, groups);
    join(products, alive, groups, { a, b });
    merges.push({ a, b });
    alive.splice(alive.indexOf(b), 1);
    if (merges.length % MERGES_A_STEP === 0) yield;
  }
  return merges;
}

/** The first merges applied, until k groups are left: group -> its union, numbered in order of their first group. */
export function cut(groups: number, merges: readonly Merge[], k: number): Partition {
  const union = Int32Array.from({ length: groups }, (_, group) => group);
  for (const { a, b } of merges.slice(0, Math.max(0, groups - k))) {
    for (let group = 0; group < groups; group += 1) if (union[group] === b) union[group] = a;
  }
  return compact(union);
}

/** Dot products of all sums. */
function gramOf(sums: Float64Array, groups: number, width: number): Float64Array {
  const products = new Float64Array(groups * groups);
  for (let a = 0; a < groups; a += 1) {
    const row = sums.subarray(a * width, (a + 1) * width);
    products[a * groups + a] = squaresOf(row);
    for (let b = 0; b < a; b += 1) {
      let sum = 0;
      for (let j = 0; j < width; j += 1) sum += row[j]! * sums[b * width + j]!;
      products[a * groups + b] = sum;
      products[b * groups + a] = sum;
    }
  }
  return products;
}

function cheapest(products: Float64Array, alive: readonly number[], groups: number): Merge {
  const lengths = alive.map((group) => Math.sqrt(products[group * groups + group]!));
  let best: Merge = { a: alive[0]!, b: alive[1]! };
  let least = Infinity;
  for (let y = 1; y < alive.length; y += 1) {
    for (let x = 0; x < y; x += 1) {
      const [a, b] = [alive[x]!, alive[y]!];
      const squares = lengths[x]! ** 2 + lengths[y]! ** 2 + 2 * products[a * groups + b]!;
      const cost = lengths[x]! + lengths[y]! - Math.sqrt(Math.max(0, squares));
      if (cost < least) {
        least = cost;
        best = { a, b };
      }
    }
  }
  return best;
}

/** The products of a + b are those of a plus those of b. */
function join(products: Float64Array, alive: readonly number[], groups: number, { a, b }: Merge): void {
  const squares = products[a * groups + a]! + products[b * groups + b]! + 2 * products[a * groups + b]!;
  for (const other of alive) {
    const sum = products[a * groups + other]! + products[b * groups + other]!;
    products[a * groups + other] = sum;
    products[other * groups + a] = sum;
  }
  products[a * groups + a] = squares;
}
