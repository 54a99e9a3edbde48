import type { CurrentTopic, MatchOptions, PreviousTrend, TrendLineage } from './types.ts';

const MIN_OVERLAP = 0.5;

type Pair = { previous: number; current: number; shared: number; overlap: number; jaccard: number };

/** For each current topic the id of the trend that it continues, or null: born. See `traceTrends`. */
export function matchTrends(
  previous: readonly PreviousTrend[],
  current: readonly CurrentTopic[],
  options: MatchOptions = {},
): (string | null)[] {
  return traceTrends(previous, current, options).continued;
}

/**
 * One-to-one matching of trends and topics by shared members, greedily, most shared first (then Jaccard, then trend
 * id): of a merge the trend that brings most lives on, of a split the part that keeps most. A pair
 * counts when it shares at least `minOverlap` of the smaller side. Trends that would have matched a topic taken by a
 * stronger one were merged into it; the rest sleep.
 */
export function traceTrends(
  previous: readonly PreviousTrend[],
  current: readonly CurrentTopic[],
  options: MatchOptions = {},
): TrendLineage {
  const pairs = overlappingPairs(previous, current)
    .filter((pair) => pair.overlap >= (options.minOverlap ?? MIN_OVERLAP))
    .toSorted(
      (a, b) =>
        b.shared - a.shared ||
        b.jaccard - a.jaccard ||
        compare(previous[a.previous]?.id ?? '', previous[b.previous]?.id ?? '') ||
        a.current - b.current,
    );
  const continued: (string | null)[] = current.map(() => null);
  const living = new Set<number>();
  for (const pair of pairs) {
    if (living.has(pair.previous) || continued[pair.current] !== null) continue;
    living.add(pair.previous);
    continued[pair.current] = previous[pair.previous]?.id ?? null;
  }
  const mergedInto = new Map<string, number>();
  for (const pair of pairs) {
    const id = previous[pair.previous]?.id;
    // Pairs come strongest first, so the first topic is where most members went.
    if (id !== undefined && !living.has(pair.previous) && !mergedInto.has(id))
      mergedInto.set(id, pair.current);
  }
  return { continued, mergedInto };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Every trend and topic with a member in common, through an index of members: linear in the members. */
function overlappingPairs(previous: readonly PreviousTrend[], current: readonly CurrentTopic[]): Pair[] {
  const trendsOf = new Map<string, number[]>();
  const sizes = previous.map((trend, index) => {
    const members = new Set(trend.members);
    for (const member of members) {
      const trends = trendsOf.get(member);
      if (trends === undefined) trendsOf.set(member, [index]);
      else trends.push(index);
    }
    return members.size;
  });
  return current.flatMap((topic, index) => {
    const members = new Set(topic.members);
    const shared = new Map<number, number>();
    for (const member of members) {
      for (const trend of trendsOf.get(member) ?? []) shared.set(trend, (shared.get(trend) ?? 0) + 1);
    }
    return [...shared].map(([trend, count]) => {
      const size = sizes[trend] ?? 0;
      return {
        previous: trend,
        current: index,
        shared: count,
        overlap: count / Math.min(size, members.size),
        jaccard: count / (size + members.size - count),
      };
    });
  });
}
