import { derivedId } from '@afk/bus';
import type { PreviousTrend, TopicRow, TrendRow, WindowHeadline } from '@afk/database';
import { scoreTrend, traceTrends } from '@afk/topics';
import { bucketsUntil, countByBucket, type Buckets } from './buckets.ts';

export type TrendInput = {
  batchId: string;
  asOf: Date;
  /** Beginning of the window. */
  from: Date;
  buckets: Buckets;
  minHeadlines: number;
  headlines: ReadonlyMap<string, WindowHeadline>;
  topics: readonly TopicRow[];
  previous: readonly PreviousTrend[];
};
export type TrendOutput = { trends: TrendRow[]; merged: { from: string; into: string }[]; born: number };

/**
 * Follows topics over time: a topic that shares enough headlines with a trend continues it, else a
 * trend is born. Its id follows from batch and headline: the same batch again gives the same trends,
 * and counts the same ones as born.
 */
export function buildTrends(input: TrendInput): TrendOutput {
  const { batchId, previous, minHeadlines } = input;
  const large = stillThere(input).filter((t) => t.members.length >= minHeadlines);
  const { continued, mergedInto } = traceTrends(previous, large);
  const firstSeen = new Map(previous.map((p) => [p.id, p.firstSeen]));
  const total = countByBucket(
    recentBuckets(input),
    [...input.headlines.values()].map((h) => h.publishedAt),
  );
  const trends = large.map((topic, i) => {
    const id = continued[i] ?? derivedId('trend', batchId, topic.central);
    return describe(input, topic, id, firstSeen.get(id), total);
  });
  const merged = [...mergedInto].map(([from, index]) => ({ from, into: trends[index]!.id }));
  const bornBefore = new Set(previous.filter((p) => p.bornBatch !== batchId).map((p) => p.id));
  return { trends, merged, born: trends.filter((t) => !bornBefore.has(t.id)).length };
}

/** Topics without the headlines that have gone since they were built: the demo's, once real feeds come. */
function stillThere({ topics, headlines }: TrendInput): TopicRow[] {
  return topics.map((topic) => {
    const members = topic.members.filter((m) => headlines.has(m));
    const central = headlines.has(topic.central) ? topic.central : (members[0] ?? topic.central);
    return { ...topic, central, members };
  });
}

function recentBuckets({ from, asOf, buckets }: TrendInput): Buckets {
  return bucketsUntil(from, asOf, buckets.widthMs);
}

function describe(
  input: TrendInput,
  topic: TopicRow,
  id: string,
  knownSince: Date | undefined,
  total: Int32Array,
): TrendRow {
  const { asOf, from, buckets, headlines } = input;
  const members = topic.members.map((m) => headlines.get(m)!);
  const times = members.map((h) => h.publishedAt.getTime());
  const first = Math.min(...times, knownSince?.getTime() ?? Infinity);
  const last = Math.max(...times);
  const published = members.map((h) => h.publishedAt);
  const points = countByBucket(buckets, published);
  const publishers = new Set(members.map((h) => h.publisher)).size;
  const scored = scoreTrend(countByBucket(recentBuckets(input), published), {
    bucketMs: buckets.widthMs,
    total,
    publishers,
    lastSeenAgeMs: asOf.getTime() - last,
  });
  return {
    id,
    label: headlines.get(topic.central)!.title,
    central: topic.central,
    keywords: topic.keywords,
    languages: byFrequency(members.map((h) => h.language)),
    ...scored,
    headlines: members.length,
    publishers,
    sparkline: [...points],
    firstSeen: new Date(first),
    lastSeen: new Date(last),
    demo: members.every((h) => h.demo),
    members: topic.members,
    points: [...points].map((count, i) => {
      const at = buckets.startOf(i);
      return { at, count, partial: at < from };
    }),
  };
}

/** Distinct values, the most frequent first. */
function byFrequency(values: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([value]) => value);
}
