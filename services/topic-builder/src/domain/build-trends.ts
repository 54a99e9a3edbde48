import type { PreviousTrend, StoryOfWindow, TrendRow, WindowHeadline } from '@afk/database';
import { backdropOf } from '@afk/topics';
import type { Buckets } from './buckets.ts';
import { describeTrend, toTelling, type TrendSetting } from './describe-trend.ts';

export type TrendInput = {
  batchId: string;
  asOf: Date;
  /** Beginning of the window. */
  from: Date;
  buckets: Buckets;
  headlines: ReadonlyMap<string, WindowHeadline>;
  /** Those with enough headlines to be trends. */
  stories: readonly StoryOfWindow[];
  previous: readonly PreviousTrend[];
  /** Stories that went into others since the last trends were built. */
  mergers: readonly Merger[];
};
export type Merger = { from: string; into: string };
export type TrendOutput = { trends: TrendRow[]; merged: Merger[]; born: number };

/**
 * Follows stories as trends: a trend has the id of its story. The same batch again gives the same trends, and counts the
 * same ones as born.
 */
export function buildTrends(input: TrendInput): TrendOutput {
  const { batchId, stories, previous } = input;
  const merged = followMergers(input);
  const known = new Map(previous.map((p) => [p.id, p]));
  const setting = settingOf(input);
  const trends = stories.map((story) => describeTrend(setting, story, story.id, known.get(story.id)));
  const born = trends.filter(({ id }) => (known.get(id)?.bornBatch ?? batchId) === batchId).length;
  return { trends, merged, born };
}

/** Of trends that were there, those that went into one that is; where that one went on into another, the last. */
function followMergers({ mergers, stories, previous }: TrendInput): Merger[] {
  const next = new Map(mergers.map(({ from, into }) => [from, into]));
  const there = new Set(previous.map((p) => p.id));
  const current = new Set(stories.map((s) => s.id));
  return mergers.flatMap(({ from }) => {
    let into = from;
    for (let hops = 0; next.has(into) && hops <= mergers.length; hops += 1) into = next.get(into)!;
    return there.has(from) && current.has(into) && into !== from ? { from, into } : [];
  });
}

function settingOf({ asOf, from, buckets, headlines }: TrendInput): TrendSetting {
  const tellings = Array.from(headlines.values(), toTelling);
  return { asOf, from, buckets, headlines, backdrop: backdropOf(tellings, from.getTime(), asOf.getTime()) };
}
