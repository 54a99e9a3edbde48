import type { Steps } from '@afk/text';
import { nearest } from './kmeans.ts';
import { centroidsOf, compact, dot, sizesOf, squaresOf, sumsOf } from './points.ts';
import type { Partition, Points } from './points.ts';

export type MembershipOptions = { minSize: number; outliers: 'keep' | 'assign'; leastSimilarity: number };

/** A partition with outliers (-1), largest group first, and each point's cosine to its group's centroid. */
export type Membership = { partition: Partition; cosines: Float32Array };

/** A point is at home in its group when it is at least so near to the others as this share of what is usual there. */
const USUAL = 0.5;

/**
 * Who belongs to what. A point that is not at home in its group, or whose group has fewer than `minSize` that are, is an
 * outlier; or goes to the nearest group left, if that is near enough.
 */
export function* membershipOf(
  points: Points,
  found: Partition,
  { minSize, outliers, leastSimilarity }: MembershipOptions,
): Steps<Membership> {
  const home = withoutSmall(atHome(points, found), found.groups, minSize);
  yield;
  const centroids = centroidsOf(points, home);
  if (outliers === 'assign' && home.groups > 0) {
    const near = yield* nearest(points, centroids);
    for (const [i, group] of home.of.entries()) {
      if (group < 0 && near.cosines[i]! >= leastSimilarity) home.of[i] = near.of[i]!;
    }
  }
  const { values, width } = points;
  const cosines = Float32Array.from(home.of, (group, i) =>
    group < 0 ? 0 : dot(values, i * width, centroids.values, group * width, width),
  );
  return { partition: largestFirst(home), cosines };
}

/** The group of each point whose cosine to the others of its group is at least half the group's mean; -1 for the rest. */
function atHome(points: Points, found: Partition): Int32Array {
  const sizes = sizesOf(found);
  const cosines = cosinesToOthers(points, found);
  const totals = new Float64Array(found.groups);
  for (const [i, group] of found.of.entries()) totals[group]! += cosines[i]!;
  return found.of.map((group, i) => (cosines[i]! >= (USUAL * totals[group]!) / sizes[group]! ? group : -1));
}

/** Cosine of each point to the sum of the others: with itself in it, every point of a small group would look at home. */
function cosinesToOthers({ width, values, count }: Points, { of, groups }: Partition): Float64Array {
  const sums = sumsOf({ width, values, count }, { of, groups });
  const others = new Float64Array(width);
  return Float64Array.from(of, (group, i) => {
    let product = 0;
    for (let j = 0; j < width; j += 1) {
      const value = values[i * width + j]!;
      others[j] = sums[group * width + j]! - value;
      product += others[j]! * value;
    }
    const length = Math.sqrt(squaresOf(others));
    return length > 1e-6 ? product / length : 0;
  });
}

function withoutSmall(of: Int32Array, groups: number, minSize: number): Partition {
  const sizes = sizesOf({ groups, of });
  return compact(of.map((group) => (group >= 0 && sizes[group]! >= minSize ? group : -1)));
}

/** Ties go to the group with the earlier first point. */
function largestFirst({ groups, of }: Partition): Partition {
  const sizes = sizesOf({ groups, of });
  const { of: byFirst } = compact(of);
  const firsts = new Int32Array(groups);
  for (const [i, group] of of.entries()) if (group >= 0) firsts[group] = byFirst[i]!;
  const ranked = [...sizes.keys()].toSorted((a, b) => sizes[b]! - sizes[a]! || firsts[a]! - firsts[b]!);
  const rank = new Map(ranked.map((group, n) => [group, n]));
  return { groups, of: of.map((group) => rank.get(group) ?? -1) };
}
