import type { PreviousTrend, StoryOfWindow, TrendRow, WindowHeadline } from '@afk/database';
import { scoreTrend, type Backdrop, type Telling, type TrendScore, type TrendStatus } from '@afk/topics';
import { countByBucket, type Buckets } from './buckets.ts';

/** What the trends of a batch share. */
export type TrendSetting = {
  asOf: Date;
  /** Beginning of the window. */
  from: Date;
  /** The bars of their histories. */
  buckets: Buckets;
  headlines: ReadonlyMap<string, WindowHeadline>;
  /** All of these headlines: what the figures of a trend are measured against. */
  backdrop: Backdrop;
};

/** A headline as the figures of trends see it. */
export const toTelling = ({ publishedAt, publisher }: WindowHeadline): Telling => ({
  publishedAt: publishedAt.getTime(),
  publisher,
});

/** A story as a trend, with its figures. `known`: the trend that it continues, as the last run left it. */
export function describeTrend(
  setting: TrendSetting,
  { central, keywords, members: ids }: Pick<StoryOfWindow, 'central' | 'keywords' | 'members'>,
  id: string,
  known?: Pick<PreviousTrend, 'firstSeen' | 'status'>,
): TrendRow {
  const { buckets, headlines } = setting;
  const members = ids.map((m) => headlines.get(m)!);
  const times = members.map((h) => h.publishedAt.getTime());
  const published = members.map((h) => h.publishedAt);
  const counts = [...countByBucket(buckets, published)];
  return {
    id,
    label: (headlines.get(central) ?? members.at(-1)!).title,
    central,
    keywords,
    languages: byFrequency(members.map((h) => h.language)),
    ...figuresOf(setting, members, known),
    headlines: members.length,
    publishers: new Set(members.map((h) => h.publisher)).size,
    sparkline: counts,
    firstSeen: new Date(times.reduce((a, b) => Math.min(a, b), known?.firstSeen.getTime() ?? Infinity)),
    lastSeen: new Date(times.reduce((a, b) => Math.max(a, b))),
    demo: members.every((h) => h.demo),
    members: ids,
    points: pointsOf(setting, counts),
  };
}

type Figures = Omit<TrendScore, 'burst'> & Pick<TrendRow, 'burst'>;

function figuresOf(
  { backdrop }: TrendSetting,
  members: readonly WindowHeadline[],
  known?: Pick<PreviousTrend, 'firstSeen' | 'status'>,
): Figures {
  const { burst, ...rest } = scoreTrend(members.map(toTelling), backdrop, {
    firstSeen: known?.firstSeen.getTime(),
    // The table takes no other word.
    previous: known?.status as TrendStatus | undefined,
  });
  return {
    ...rest,
    burst: { weight: burst.weight, since: burst.since === null ? null : new Date(burst.since) },
  };
}

function pointsOf({ from, buckets }: TrendSetting, counts: readonly number[]): TrendRow['points'] {
  return counts.map((count, i) => {
    const at = buckets.startOf(i);
    return { at, minutes: buckets.widthMs / 60_000, count, partial: at < from };
  });
}

/** Distinct values, the most frequent first. */
function byFrequency(values: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([value]) => value);
}
