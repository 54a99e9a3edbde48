import { runSteps } from '@afk/text';
import { groupStories, StoryWindow } from '@afk/topics';
import type { Doc } from '@afk/topics';
import type { GoldHeadline } from '../data/headlines.ts';
import { purity, nmi } from '../metrics/clusterings.ts';
import { Continuity } from './continuity.ts';
import type { ContinuityFigures, Snapshot } from './continuity.ts';

export const HOUR = 3_600_000;
/** The window of the product. */
export const WINDOW = 72 * HOUR;

export type LineageFigures = ContinuityFigures & {
  purity: number;
  nmi_incremental: number;
  nmi_batch: number;
  seconds: number;
};

/** Takes the headlines of an hour, with the end of that hour (milliseconds): the state then. */
export type Method = (batch: readonly Doc[], until: number) => Snapshot;

/**
 * Hands the headlines over hour by hour, in order of time, and looks at what has become of the gold stories after each.
 * `purity` and `nmi_incremental` are of the ids that headlines had in the end, or when they left the window.
 */
export function replay(headlines: readonly GoldHeadline[], method: Method, nmiBatch: number): LineageFigures {
  const continuity = new Continuity(headlines);
  const start = performance.now();
  for (const [batch, until] of hours(headlines.map(({ doc }) => doc))) continuity.see(method(batch, until));
  const seconds = (performance.now() - start) / 1000;
  const gold = headlines.map((headline) => headline.gold);
  const found = headlines.map(({ doc }) => continuity.idOf(doc.id));
  return {
    ...continuity.figures(),
    purity: purity(gold, found),
    nmi_incremental: nmi(gold, found),
    nmi_batch: nmiBatch,
    seconds,
  };
}

/** Every hour from that of the first headline to that of the last, with what was published in it; ends are inclusive. */
export function* hours(docs: readonly Doc[]): Generator<[batch: Doc[], until: number]> {
  const sorted = docs.toSorted((a, b) => a.publishedAt - b.publishedAt || (a.id < b.id ? -1 : 1));
  if (sorted.length === 0) return;
  let until = Math.ceil(sorted[0]!.publishedAt / HOUR) * HOUR;
  for (let next = 0; next < sorted.length; until += HOUR) {
    const batch: Doc[] = [];
    while (next < sorted.length && sorted[next]!.publishedAt <= until) batch.push(sorted[next++]!);
    yield [batch, until];
  }
}

/** Ours: one window, moved on. */
export function incremental(): Method {
  const window = new StoryWindow({ windowMs: WINDOW });
  const held = new Set<string>();
  return (batch, until) => {
    const { merged, expired } = runSteps(window.advance(batch, until, (headline) => `${until}-${headline}`));
    for (const { id } of batch) held.add(id);
    for (const id of expired) held.delete(id);
    return { storyOf: new Map([...held].map((id) => [id, window.storyOf(id)!])), merged };
  };
}

/**
 * The baseline: every hour the window is grouped from scratch, and its groups get the ids of the hour before by overlap, the
 * largest first, one to one; what is left over gets new ids. An id that no group continues has gone, as a merge, into that
 * of the group which got most of its headlines.
 */
export function regrouped(): Method {
  let docs: Doc[] = [];
  let before = new Map<string, string>();
  return (batch, until) => {
    docs = [...docs, ...batch].filter(({ publishedAt }) => publishedAt > until - WINDOW);
    const groups = groupStories(docs, { minSize: 1 }).map(({ members }) => members);
    const shares = overlaps(groups, before);
    const ids = matched(groups, shares, until);
    const living = new Set(ids);
    const merged = new Map<string, string>();
    for (const { id, group } of shares) if (!living.has(id) && !merged.has(id)) merged.set(id, ids[group]!);
    before = new Map(groups.flatMap((members, g) => members.map((member) => [member, ids[g]!])));
    return { storyOf: before, merged: [...merged].map(([from, into]) => ({ from, into })) };
  };
}

type Share = { id: string; group: number; size: number };

/** How many headlines each group has of each id of before, largest first. */
function overlaps(groups: readonly (readonly string[])[], before: ReadonlyMap<string, string>): Share[] {
  const shares = groups.flatMap((members, group) => {
    const own = new Map<string, number>();
    for (const member of members) {
      const id = before.get(member);
      if (id !== undefined) own.set(id, (own.get(id) ?? 0) + 1);
    }
    return [...own].map(([id, size]) => ({ id, group, size }));
  });
  return shares.sort((a, b) => b.size - a.size || (a.id < b.id ? -1 : a.id > b.id ? 1 : a.group - b.group));
}

function matched(groups: readonly (readonly string[])[], shares: readonly Share[], until: number): string[] {
  const ids = new Map<number, string>();
  const taken = new Set<string>();
  for (const { id, group } of shares) {
    if (taken.has(id) || ids.has(group)) continue;
    taken.add(id);
    ids.set(group, id);
  }
  return groups.map((members, group) => ids.get(group) ?? `${until}-${members[0]!}`);
}
