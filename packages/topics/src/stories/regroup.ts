import type { Steps } from '@afk/text';
import { inherit } from '../lineage/inherit.ts';
import type { Inheritance } from '../lineage/inherit.ts';
import { agglomerate } from './agglomerate.ts';
import type { Edges, Node } from './agglomerate.ts';
import { byTime, timeOf } from './items.ts';
import type { Item } from './items.ts';
import { sumOf } from './vectors.ts';

/** `afresh`: made of leaves alone, so nothing of an earlier grouping is left in it. */
export type Group = { items: Item[]; afresh: boolean };
export type Regrouping = Inheritance & { groups: Group[] };

/** What agglomerates: a leaf alone, or what of a story is no leaf. */
type Part = { items: Item[]; leaf: boolean };

/**
 * Agglomerates leaves (items that stand alone for now: new ones, and those of stories that are looked at afresh) with each
 * other and with the stories that their edges lead to. Items of a group oldest first, groups in order of their oldest.
 */
export function* regroup(
  leaves: readonly Item[],
  edges: ReadonlyMap<Item, Item[]>,
  stories: ReadonlyMap<string, ReadonlySet<Item>>,
  options: { threshold: number; silenceHalfLifeMs: number },
): Steps<Regrouping> {
  const parts = partsOf(leaves, edges, stories);
  const nodes: Node[] = parts.map(({ items }) => ({
    sum: sumOf(items.map((item) => item.wide)),
    times: items.flatMap((item) => item.docs.map(timeOf)).sort((a, b) => a - b),
  }));
  yield;
  const clusters = yield* agglomerate(nodes, edgesOf(leaves, edges, parts), options);
  const groups = clusters.map((cluster): Group => {
    const own = cluster.map((part) => parts[part]!);
    return { items: own.flatMap(({ items }) => items).sort(byTime), afresh: own.every(({ leaf }) => leaf) };
  });
  groups.sort((a, b) => byTime(a.items[0]!, b.items[0]!));
  return { groups, ...ancestryOf(groups) };
}

function partsOf(
  leaves: readonly Item[],
  edges: ReadonlyMap<Item, Item[]>,
  stories: ReadonlyMap<string, ReadonlySet<Item>>,
): Part[] {
  const alone = new Set(leaves);
  const touched = new Set<string>();
  for (const leaf of leaves) {
    for (const item of edges.get(leaf) ?? []) if (!alone.has(item)) touched.add(item.story);
  }
  const whole = [...touched].map((story): Part => {
    // Some of its items may be leaves: those whose stored vectors could not be read.
    const items = [...(stories.get(story) ?? [])].filter((item) => !alone.has(item));
    return { items: items.sort(byTime), leaf: false };
  });
  return [...leaves.map((leaf): Part => ({ items: [leaf], leaf: true })), ...whole].sort((a, b) =>
    byTime(a.items[0]!, b.items[0]!),
  );
}

function edgesOf(leaves: readonly Item[], edges: ReadonlyMap<Item, Item[]>, parts: readonly Part[]): Edges {
  const partOf = new Map<Item, number>();
  for (const [p, { items }] of parts.entries()) for (const item of items) partOf.set(item, p);
  // Numbers, not pairs: a large window has millions.
  const keys = new Float64Array(leaves.reduce((sum, leaf) => sum + (edges.get(leaf)?.length ?? 0), 0));
  let count = 0;
  for (const leaf of leaves) {
    const a = partOf.get(leaf)!;
    for (const item of edges.get(leaf) ?? []) {
      const b = partOf.get(item)!;
      if (a !== b) keys[count++] = Math.min(a, b) * parts.length + Math.max(a, b);
    }
  }
  const once = keys
    .subarray(0, count)
    .sort()
    .filter((key, e, all) => e === 0 || key !== all[e - 1]);
  return {
    from: Int32Array.from(once, (key) => Math.floor(key / parts.length)),
    to: Int32Array.from(once, (key) => key % parts.length),
  };
}

function ancestryOf(groups: readonly Group[]): Inheritance {
  const parts = new Map<string, Map<number, number>>();
  const sizes = groups.map(({ items }) => items.reduce((sum, { docs }) => sum + docs.length, 0));
  for (const [g, { items }] of groups.entries()) {
    for (const { story, docs } of items) {
      if (story === '') continue;
      const own = parts.get(story) ?? new Map<number, number>();
      parts.set(story, own.set(g, (own.get(g) ?? 0) + docs.length));
    }
  }
  return inherit(
    [...parts].map(([id, own]) => ({ id, parts: own })),
    sizes,
  );
}
