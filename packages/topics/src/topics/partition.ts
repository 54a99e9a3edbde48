import type { Random, Steps } from '@afk/text';
import { countByCohesion } from './cohesion.ts';
import { kmeans, nearest, refine } from './kmeans.ts';
import { centroidsOf, compact } from './points.ts';
import type { Partition, Points } from './points.ts';
import { cut, wardMerges } from './ward.ts';

export type PartitionOptions = { k: number | 'auto'; minSize: number; random: Random };

/** Small groups to begin with: 80 to 300 give the same coherence on the BBC articles; more cost more. */
const SMALL_GROUPS = 150;
const SMALL_GROUPS_A_TOPIC = 3;
/** For a number of topics that is not known beforehand. */
const SMALL_GROUPS_FREE = 300;
/** Rounds for the small groups, which need not settle, and for the topics. */
const SMALL_ROUNDS = 8;
const ROUNDS = 15;
/** Where the topics were learnt from a sample there is little left to settle. */
const ROUNDS_ON_ALL = 3;
/** The start is learnt from so many points at most, spread evenly. */
const SAMPLE = 10_000;

/**
 * Points into k groups: many small groups by spherical k-means, joined by Ward's method until k are left, then Lloyd's
 * rounds from there. The start decides what k-means finds, and this one hardly depends on the seed. Fewer groups where
 * there are fewer distinct points, or where k groups could not all have `minSize`.
 */
export function* partitionOf(points: Points, given: PartitionOptions): Steps<Partition> {
  const most = Math.max(1, Math.floor(points.count / given.minSize));
  const options = given.k === 'auto' ? given : { ...given, k: Math.min(given.k, most) };
  const sample = points.count > SAMPLE ? everyNth(points, SAMPLE) : points;
  const start = yield* startOf(sample, options);
  const learnt = yield* refine(sample, start, ROUNDS);
  if (sample === points) return learnt;
  const { of } = yield* nearest(points, centroidsOf(sample, learnt));
  return yield* refine(points, compact(of), ROUNDS_ON_ALL);
}

function* startOf(points: Points, { k, minSize, random }: PartitionOptions): Steps<Partition> {
  const wanted =
    k === 'auto' ? Math.min(SMALL_GROUPS_FREE, points.count / minSize) : SMALL_GROUPS_A_TOPIC * k;
  const least = k === 'auto' ? 1 : SMALL_GROUPS;
  const small = yield* kmeans(points, {
    k: Math.min(points.count, Math.max(least, Math.floor(wanted))),
    rounds: SMALL_ROUNDS,
    random,
  });
  const merges = yield* wardMerges(points, small);
  const unions = cut(
    small.groups,
    merges,
    k === 'auto' ? countByCohesion(points, small, merges, minSize) : k,
  );
  return { groups: unions.groups, of: small.of.map((group) => unions.of[group]!) };
}

function everyNth({ count, width, values }: Points, wanted: number): Points {
  const sample = new Float32Array(wanted * width);
  for (let n = 0; n < wanted; n += 1) {
    const i = Math.floor((n * count) / wanted);
    sample.set(values.subarray(i * width, (i + 1) * width), n * width);
  }
  return { count: wanted, width, values: sample };
}
