/** A story before: its id, and how many of its headlines each of the new groups has. */
export type Ancestor = { id: string; parts: ReadonlyMap<number, number> };

/** What became of the stories in a regrouping. */
export type Inheritance = {
  /** For each group the id that it continues; undefined: a new one. */
  ids: (string | undefined)[];
  /** Stories whose headlines are all in groups that continue others: id -> group that got most of them. */
  merged: Map<string, number>;
  /** Groups with a new id that came out of a story that lives on: group -> that story's id. */
  split: Map<number, string>;
};

/**
 * Which group goes on as which story, one to one, the largest share of headlines first (ties: the older ancestor, as they
 * are given, then the earlier group): of a merge the larger id lives, of a split the larger part keeps the id.
 * A new group is a split when an ancestor gave most of its headlines (`sizes`: headlines of each group).
 */
export function inherit(ancestors: readonly Ancestor[], sizes: readonly number[]): Inheritance {
  const shares = ancestors.flatMap(({ parts }, ancestor) =>
    [...parts].map(([group, headlines]) => ({ ancestor, group, headlines })),
  );
  shares.sort((a, b) => b.headlines - a.headlines || a.ancestor - b.ancestor || a.group - b.group);
  const ids = sizes.map((): string | undefined => undefined);
  const living = new Set<number>();
  for (const { ancestor, group } of shares) {
    if (living.has(ancestor) || ids[group] !== undefined) continue;
    living.add(ancestor);
    ids[group] = ancestors[ancestor]!.id;
  }
  const merged = new Map<string, number>();
  const split = new Map<number, string>();
  for (const { ancestor, group, headlines } of shares) {
    const { id } = ancestors[ancestor]!;
    if (!living.has(ancestor) && !merged.has(id)) merged.set(id, group);
    if (ids[group] === undefined && headlines * 2 > sizes[group]!) split.set(group, id);
  }
  return { ids, merged, split };
}
