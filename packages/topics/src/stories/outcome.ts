import { byTime } from './items.ts';
import type { Item } from './items.ts';
import type { Membership } from './membership.ts';
import type { Regrouping } from './regroup.ts';
import type { StoryChanges } from './types.ts';

/** A headline that joined an item that has a story. */
export type Repeat = { item: Item; headline: string };

/** What has come about in one run, over its regroupings. */
export class Outcome {
  /** Stories that gained, lost or exchanged headlines. */
  readonly changed: Set<string>;
  readonly moved = new Set<Item>();
  readonly weighed = new Set<Item>();
  readonly edges = new Map<Item, Item[]>();
  readonly #joined: readonly Repeat[];
  /** Stories that this run has named. Where one is gone again at its end, nobody has seen it. */
  readonly #named = new Set<string>();
  readonly #split = new Map<string, string>();
  readonly #merged = new Map<string, string>();

  constructor(changed: Iterable<string>, joined: readonly Repeat[]) {
    this.#joined = joined;
    this.changed = new Set([...changed, ...joined.map(({ item }) => item.story)]);
  }

  /** Gives the groups of a regrouping their ids, and their items the stories. */
  apply(result: Regrouping, members: Membership, newId: (headline: string) => string): void {
    const names = result.groups.map((group, g) => result.ids[g] ?? newId(group.items[0]!.docs[0]!.id));
    const before = names.map((name) => members.examinedOf(name));
    for (const [g, { items, afresh }] of result.groups.entries()) {
      const name = names[g]!;
      const examined = afresh ? items.length : before[g]!;
      if (result.ids[g] === undefined) this.#named.add(name);
      if (!members.isAll(name, items)) this.#move(items, name, members);
      else if (examined !== before[g]) this.changed.add(name);
      members.examine(name, examined);
    }
    for (const [from, g] of result.merged) this.#merged.set(from, names[g]!);
    for (const [g, from] of result.split) this.#split.set(names[g]!, from);
  }

  #move(items: readonly Item[], story: string, members: Membership): void {
    this.changed.add(story);
    for (const item of items) {
      if (item.story === story) continue;
      if (item.story !== '') {
        this.changed.add(item.story);
        members.leave(item);
      }
      this.moved.add(item);
      members.enter(item, story);
    }
  }

  /** What is told of it. `emptied`: stories whose last headline left the window. */
  tell(
    members: Membership,
    emptied: readonly string[],
  ): Pick<StoryChanges, 'gone' | 'born' | 'merged' | 'split' | 'headlines'> {
    const isThere = (id: string): boolean => members.has(id);
    const isKnown = (id: string): boolean => id !== '' && !this.#named.has(id);
    return {
      headlines: this.#rows(),
      gone: [...new Set([...this.changed, ...emptied])].filter((id) => isKnown(id) && !isThere(id)).sort(),
      born: [...this.#named].filter(isThere).sort(),
      merged: this.#mergers(),
      split: [...this.#split]
        .filter(([id]) => isThere(id))
        .map(([id, from]) => ({ id, from }))
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
    };
  }

  /** Where each story that somebody knows went in the end: what it went into may itself have gone on into another. */
  #mergers(): { from: string; into: string }[] {
    return [...this.#merged.keys()]
      .filter((from) => !this.#named.has(from))
      .sort()
      .map((from) => {
        let into = from;
        while (this.#merged.has(into)) into = this.#merged.get(into)!;
        return { from, into };
      });
  }

  /** Rows of the headlines whose item is new, was weighed afresh or moved, and of those that joined one. */
  #rows(): StoryChanges['headlines'] {
    const items = new Set([...this.moved, ...this.weighed]);
    const rowOf = (item: Item, headline: string) => ({ headline, item: item.id, story: item.story });
    return [
      ...[...items].sort(byTime).flatMap((item) => item.docs.map(({ id }) => rowOf(item, id))),
      // Of an item that stays as it is, what joined it: the others may be a thousand.
      ...this.#joined
        .filter(({ item }) => !items.has(item))
        .map(({ item, headline }) => rowOf(item, headline)),
    ];
  }
}
