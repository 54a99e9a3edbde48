import type { Random, Steps } from '@afk/text';
import { centroidsOf, compact, dot } from './points.ts';
import type { Partition, Points } from './points.ts';

/** Multiply-adds between two yields: some milliseconds. */
const SLICE = 4_000_000;
/** Squared distances below this are rounding: the points are the same. */
const SAME = 1e-6;

/**
 * Spherical k-means (Dhillon & Modha 2001) from a k-means++ start (Arthur & Vassilvitskii 2007). Fewer groups where there are
 * fewer distinct points.
 */
export function* kmeans(
  points: Points,
  { k, rounds, random }: { k: number; rounds: number; random: Random },
): Steps<Partition> {
  const start = yield* spread(points, k, random);
  return yield* refine(points, start, rounds);
}

/** Lloyd's rounds from a given start: each point to the nearest centroid, until none moves. Groups may die out. */
export function* refine(points: Points, start: Partition, rounds: number): Steps<Partition> {
  let partition = start;
  for (let round = 0; round < rounds; round += 1) {
    const { of } = yield* nearest(points, centroidsOf(points, partition));
    const moved = of.some((group, i) => group !== partition.of[i]);
    if (!moved) break;
    // Numbers must not be given anew before the comparison above.
    partition = compact(of);
  }
  return partition;
}

/** Each point's most similar centre, ties to the first, and their cosine. */
export function* nearest(
  { count, width, values }: Points,
  centres: Points,
): Steps<{ of: Int32Array; cosines: Float32Array }> {
  const of = new Int32Array(count);
  const cosines = new Float32Array(count).fill(-2);
  const slice = Math.ceil(SLICE / (centres.count * width || 1));
  for (let i = 0; i < count; i += 1) {
    for (let c = 0; c < centres.count; c += 1) {
      const cosine = dot(values, i * width, centres.values, c * width, width);
      if (cosine > cosines[i]!) {
        cosines[i] = cosine;
        of[i] = c;
      }
    }
    if (i % slice === slice - 1) yield;
  }
  return { of, cosines };
}

/** k-means++: each new centre is a point drawn by its squared distance from the centres so far. */
function* spread({ count, width, values }: Points, k: number, random: Random): Steps<Partition> {
  const of = new Int32Array(count);
  const away = new Float64Array(count).fill(Infinity);
  let centre = Math.floor(random.uniform() * count);
  for (let c = 0; c < k; c += 1) {
    let total = 0;
    for (let i = 0; i < count; i += 1) {
      const distance = 1 - dot(values, i * width, values, centre * width, width);
      if (distance < away[i]!) {
        away[i] = distance > SAME ? distance : 0;
        of[i] = c;
      }
      total += away[i]!;
    }
    if (total === 0) break;
    centre = draw(away, random.uniform() * total);
    yield;
  }
  return compact(of);
}

/** The first index at which the running sum passes `target`. */
function draw(weights: Float64Array, target: number): number {
  let left = target;
  let last = 0;
  for (let i = 0; i < weights.length; i += 1) {
    if (weights[i] === 0) continue;
    left -= weights[i]!;
    last = i;
    if (left <= 0) break;
  }
  return last;
}
