import type { GoldHeadline } from '../data/headlines.ts';

/** What a step of a replay knows: the story of each headline in its window, and which ids went into others since. */
export type Snapshot = {
  storyOf: ReadonlyMap<string, string>;
  merged: readonly { from: string; into: string }[];
};

export type ContinuityFigures = {
  continuity: number;
  /** The same over those pairs of hours alone in which the gold story gained headlines; left out where none did. */
  continuity_growing?: number;
};

/** What a gold story looked like in an hour: the id that most of its headlines have, and how many it had seen. */
type Sight = { majority: string; seen: number };

/**
 * Follows gold stories over consecutive hours. A pair counts when the story has headlines in the window of both; it is
 * continuous when the id of most of its headlines stays, or has gone, by recorded merges, into that of the hour
 * after. Ties for the majority go to the lesser id.
 */
export class Continuity {
  readonly #goldOf: ReadonlyMap<string, string>;
  readonly #into = new Map<string, string>();
  readonly #seen = new Map<string, number>();
  readonly #known = new Set<string>();
  /** Last id of every headline that was ever in the window. */
  readonly #last = new Map<string, string>();
  #before = new Map<string, Sight>();
  #pairs = { all: 0, kept: 0, growing: 0, keptGrowing: 0 };

  constructor(headlines: readonly GoldHeadline[]) {
    this.#goldOf = new Map(headlines.map(({ doc, gold }) => [doc.id, gold]));
  }

  see({ storyOf, merged }: Snapshot): void {
    for (const { from, into } of merged) this.#into.set(from, into);
    const now = this.#sightsOf(storyOf);
    for (const [gold, sight] of now) {
      const before = this.#before.get(gold);
      if (before) this.#compare(before, sight);
    }
    this.#before = now;
  }

  /** @throws RangeError where no gold story was seen in two consecutive hours */
  figures(): ContinuityFigures {
    const { all, kept, growing, keptGrowing } = this.#pairs;
    if (all === 0) throw new RangeError('no story has headlines in two consecutive hours: nothing to follow');
    return { continuity: kept / all, ...(growing > 0 && { continuity_growing: keptGrowing / growing }) };
  }

  /** The id that a headline had in the end, or when it left the window, followed through merges since. */
  idOf(headline: string): string {
    const id = this.#last.get(headline);
    // What no window has held is in no story.
    return id === undefined ? `never seen: ${headline}` : this.#followed(id);
  }

  #sightsOf(storyOf: ReadonlyMap<string, string>): Map<string, Sight> {
    const tallies = new Map<string, Map<string, number>>();
    for (const [headline, story] of storyOf) {
      const gold = this.#goldOf.get(headline)!;
      this.#last.set(headline, story);
      if (!this.#known.has(headline)) this.#seen.set(gold, (this.#seen.get(gold) ?? 0) + 1);
      this.#known.add(headline);
      const tally = tallies.get(gold) ?? new Map<string, number>();
      tallies.set(gold, tally.set(story, (tally.get(story) ?? 0) + 1));
    }
    return new Map(
      [...tallies].map(([gold, tally]) => [
        gold,
        { majority: majorityOf(tally), seen: this.#seen.get(gold)! },
      ]),
    );
  }

  #compare(before: Sight, now: Sight): void {
    const kept = this.#followed(before.majority) === now.majority ? 1 : 0;
    this.#pairs.all += 1;
    this.#pairs.kept += kept;
    if (now.seen === before.seen) return;
    this.#pairs.growing += 1;
    this.#pairs.keptGrowing += kept;
  }

  #followed(id: string): string {
    let end = id;
    const passed = new Set<string>();
    while (this.#into.has(end) && !passed.has(end)) {
      passed.add(end);
      end = this.#into.get(end)!;
    }
    return end;
  }
}

function majorityOf(tally: ReadonlyMap<string, number>): string {
  let best = ['', 0] as [string, number];
  for (const [id, count] of tally)
    if (count > best[1] || (count === best[1] && id < best[0])) best = [id, count];
  return best[0];
}
