import type { PreviousTrend, StoryOfWindow, TrendEvent, TrendRow } from '@afk/database';
import type { Merger } from './build-trends.ts';

export type Tale = {
  batchId: string;
  trends: readonly TrendRow[];
  merged: readonly Merger[];
  stories: readonly StoryOfWindow[];
  previous: readonly PreviousTrend[];
  /** Headlines that a trend had when its size was last told. */
  told: ReadonlyMap<string, number>;
};

/** Growth is told when a trend has so many times the headlines that were told last: 3, 5, 8, 12, 18 … */
const NOTABLE_GROWTH = 1.5;

/**
 * What happened to trends in a run, each from its own side. Told again of the same batch, on top of what it saved, it
 * tells of nothing that was not told before.
 */
export function tellTrends(tale: Tale): TrendEvent[] {
  const known = new Map(tale.previous.map((p) => [p.id, p]));
  const current = new Map(tale.trends.map((t) => [t.id, t]));
  return [
    ...tale.trends.flatMap((trend) => beginningsOf(tale, trend, known, current)),
    ...tale.merged.flatMap(({ from, into }) => meetingOf(from, known.get(from)!, current.get(into)!)),
    ...tale.previous.flatMap((before) => sleepOf(before, current.get(before.id), tale)),
  ];
}

function beginningsOf(
  { batchId, stories, told }: Tale,
  { id, headlines }: TrendRow,
  known: ReadonlyMap<string, PreviousTrend>,
  current: ReadonlyMap<string, TrendRow>,
): TrendEvent[] {
  const before = known.get(id);
  if (before && before.bornBatch !== batchId) {
    const grown = headlines >= NOTABLE_GROWTH * (told.get(id) ?? before.headlines);
    return grown ? [{ trend: id, kind: 'grown', other: null, headlines }] : [];
  }
  const origin = stories.find((s) => s.id === id)?.splitFrom;
  // Of a story that never was a trend nobody has heard.
  const parent = origin ? (current.get(origin) ?? known.get(origin)) : undefined;
  if (!parent) return [{ trend: id, kind: 'born', other: null, headlines }];
  return [
    { trend: id, kind: 'split_from', other: parent.id, headlines },
    { trend: parent.id, kind: 'split', other: id, headlines: parent.headlines },
  ];
}

const meetingOf = (from: string, before: PreviousTrend, into: TrendRow): TrendEvent[] => [
  { trend: from, kind: 'merged', other: into.id, headlines: before.headlines },
  { trend: into.id, kind: 'absorbed', other: from, headlines: into.headlines },
];

function sleepOf(before: PreviousTrend, now: TrendRow | undefined, { merged }: Tale): TrendEvent[] {
  if (merged.some(({ from }) => from === before.id)) return [];
  const [slept, sleeps] = [before.status === 'dormant', (now?.status ?? 'dormant') === 'dormant'];
  if (slept === sleeps) return [];
  const headlines = now?.headlines ?? 0;
  return [{ trend: before.id, kind: sleeps ? 'slept' : 'revived', other: null, headlines }];
}
