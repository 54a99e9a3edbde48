import type { Steps } from '@afk/text';
import type { Collection } from './collection.ts';
import type { Embedding } from './embedding.ts';
import { keywordsOf } from './keywords.ts';
import { membersOf } from './keyword-scores.ts';
import type { Membership } from './membership.ts';
import type { Settings } from './options.ts';
import { bucketsOf, countsIn } from './over-time.ts';
import type { FoundTopic, FoundTopics, Keyword, ParentTopic } from './types.ts';
import { cut, wardMerges } from './ward.ts';

const REPRESENTATIVES = 3;

/** Everything there is to say about topics that were found. */
export function* describeTopics(
  collection: Collection,
  { positions, points }: Embedding,
  { partition, cosines }: Membership,
  { keywords: wanted, buckets }: Settings,
): Steps<FoundTopics> {
  const { groups } = partition;
  const topicOf = spreadOut(collection, positions, partition.of);
  const centrality = new Float64Array(topicOf.length);
  for (const [point, position] of positions.entries()) centrality[position] = cosines[point]!;
  const parentOf = yield* parentsOf(points, partition);
  const above = topicOf.map((topic) => (topic < 0 ? -1 : parentOf.of[topic]!));
  const keywords = yield* keywordsOf(collection, topicOf, { topics: groups, wanted });
  const parentKeywords = yield* keywordsOf(collection, above, { topics: parentOf.groups, wanted });

  const inTime = bucketsOf(collection.times, buckets);
  const docOf = (position: number): number => collection.order[position]!;
  const topics = membersOf(topicOf, groups).map((members, topic): FoundTopic => {
    const counts = inTime ? countsIn(inTime.of, members, buckets) : [];
    return {
      members: members.map(docOf),
      size: members.length,
      share: members.length / topicOf.length,
      keywords: keywords[topic]!,
      representatives: mostCentral(members, centrality).map(docOf),
      parent: parentOf.of[topic]!,
      counts,
      shares: counts.map((count, b) => count / Math.max(1, inTime?.time.totals[b] ?? 0)),
    };
  });
  const outliers = [...topicOf.keys()].filter((position) => topicOf[position] === -1).map(docOf);
  const parents = parentTopics(topics, parentOf.groups, parentKeywords);
  return { ...largestParentFirst(topics, parents), outliers, time: inTime?.time ?? null };
}

/** Topic by position; -1 too for docs without a point. */
function spreadOut({ order }: Collection, positions: Int32Array, of: Int32Array): Int32Array {
  const topicOf = new Int32Array(order.length).fill(-1);
  for (const [point, position] of positions.entries()) topicOf[position] = of[point]!;
  return topicOf;
}

/** The level above: Ward's method goes on, down to the square root of the number of topics. */
function* parentsOf(points: Embedding['points'], partition: Membership['partition']) {
  const merges = yield* wardMerges(points, partition);
  return cut(partition.groups, merges, Math.ceil(Math.sqrt(partition.groups)));
}

/** Ties go to the earlier doc. */
const mostCentral = (members: readonly number[], centrality: Float64Array): number[] =>
  members.toSorted((a, b) => centrality[b]! - centrality[a]! || a - b).slice(0, REPRESENTATIVES);

function parentTopics(
  topics: readonly FoundTopic[],
  groups: number,
  keywords: readonly Keyword[][],
): ParentTopic[] {
  return Array.from({ length: groups }, (_, parent) => {
    const children = [...topics.keys()].filter((topic) => topics[topic]!.parent === parent);
    const total = (of: 'size' | 'share'): number =>
      children.reduce((sum, topic) => sum + topics[topic]![of], 0);
    return { topics: children, size: total('size'), share: total('share'), keywords: keywords[parent]! };
  });
}

function largestParentFirst(
  topics: FoundTopic[],
  parents: ParentTopic[],
): Pick<FoundTopics, 'topics' | 'parents'> {
  const ranked = [...parents.keys()].toSorted((a, b) => parents[b]!.size - parents[a]!.size || a - b);
  return {
    topics: topics.map((topic) => ({ ...topic, parent: ranked.indexOf(topic.parent) })),
    parents: ranked.map((parent) => parents[parent]!),
  };
}
