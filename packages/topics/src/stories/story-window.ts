import type { Steps } from '@afk/text';
import type { Doc } from '../types.ts';
import type { StoryChanges, StoryOptions, StoredHeadline, StoredWindow } from './types.ts';
import { byTime, docsByTime, holding, timeOf } from './items.ts';
import type { Item } from './items.ts';
import { readHeadline } from './headline.ts';
import { NearDuplicates } from './near-duplicates.ts';
import { decodeVectors, encodeVectors } from './encoding.ts';
import { LONE_PATIENCE } from './agglomerate.ts';
import { regroup } from './regroup.ts';
import type { Regrouping } from './regroup.ts';
import { describeStory } from './describe.ts';
import { Postings } from './postings.ts';
import type { Vector } from './vectors.ts';
import { Vocabulary } from './vocabulary.ts';
import { weigh } from './weigh.ts';

const HOUR = 3_600_000;
const DEFAULTS = { windowMs: 72 * HOUR, threshold: 0.33, silenceHalfLifeMs: 12 * HOUR };
// A story is looked at afresh, headline by headline, when it has become so many times as large (or as small) as it was
// when it was last; so each headline is looked at a bounded number of times, however large its story grows.
const REEXAMINED_AT = 2;
const FEWEST_REEXAMINED = 8;
const ITEMS_A_STEP = 256;

/**
 * The stories of a sliding window, kept from run to run. A run reads the new headlines, compares each with what shares its
 * words, and lets the groups that are touched agglomerate further: its cost follows the new headlines, not the
 * window. Memory grows with the headlines.
 *
 * What a window holds follows from the batches that it was given, in their order, and from nothing else: one that was
 * restored from what was stored goes on exactly as the one that was kept. A run that was aborted or threw leaves the
 * window half done: throw it away and restore.
 */
export class StoryWindow {
  readonly #options: Required<StoryOptions>;
  readonly #vocabulary = new Vocabulary();
  readonly #postings = new Postings();
  readonly #repeats = new NearDuplicates<Item>((a, b) => byTime(a, b) < 0);
  readonly #items = new Map<string, Item>();
  readonly #itemOf = new Map<string, Item>();
  readonly #stories = new Map<string, Set<Item>>();
  /** Story -> items that it had when it was last looked at afresh. */
  readonly #examined = new Map<string, number>();
  /** Items that the window had when all of it was last weighed. */
  #weighedAt = 0;

  /** @throws RangeError on options out of range */
  constructor(options: StoryOptions) {
    this.#options = { ...DEFAULTS, ...options };
    const { threshold, windowMs, silenceHalfLifeMs } = this.#options;
    if (!(threshold > 0 && threshold <= 1))
      throw new RangeError(`threshold ${threshold}: 0 < threshold <= 1`);
    if (!(windowMs > 0)) throw new RangeError(`windowMs ${windowMs}: must be positive`);
    if (!(silenceHalfLifeMs > 0))
      throw new RangeError(`silenceHalfLifeMs ${silenceHalfLifeMs}: must be positive`);
  }

  /**
   * The window as it was stored. Headlines without a `Doc` are left out: they have been deleted since.
   * @throws TypeError that names the headline whose bytes are torn or of another format
   */
  static *restore(stored: StoredWindow, docs: Iterable<Doc>, options: StoryOptions): Steps<StoryWindow> {
    const window = new StoryWindow(options);
    const byId = new Map([...docs].map((doc) => [doc.id, doc]));
    const groups = Map.groupBy(stored.headlines, ({ item }) => item);
    for (const rows of groups.values()) {
      window.#restoreItem(rows, byId);
      if (window.#items.size % ITEMS_A_STEP === 0) yield;
    }
    for (const { story, items } of stored.examined) {
      if (window.#stories.has(story)) window.#examined.set(story, items);
    }
    window.#weighedAt = stored.weighedAt;
    return window;
  }

  /** Headlines in the window. */
  get size(): number {
    return this.#itemOf.size;
  }

  /** Ids of the stories with at least `least` headlines. */
  storyIds(least = 1): string[] {
    return [...this.#stories.keys()].filter((id) => this.#sizeOf(id) >= least).sort();
  }

  /** Story of a headline; undefined where the window does not hold it. */
  storyOf(headline: string): string | undefined {
    return this.#itemOf.get(headline)?.story;
  }

  /** All stories as they are now, in order of ids: what a run's changes would say if it had touched every one. */
  stories(): StoryChanges['stories'] {
    return this.storyIds().map((id) => this.#describe(id));
  }

  /** What is to be stored of a headline beside its item and story. @throws RangeError where the window does not hold it */
  vectorOf(headline: string): Uint8Array {
    const item = this.#itemOf.get(headline);
    if (!item) throw new RangeError(`headline ${headline} is not in the window`);
    return encodeVectors(item, this.#vocabulary);
  }

  /**
   * Moves the window on to end at `until` (milliseconds, inclusive) and takes in those of `docs` that lie in it and are not
   * known yet. Without any such, and with nothing leaving, nothing changes.
   *
   * `newId` names a story that is born, after its oldest headline; it must never give the same name twice.
   */
  *advance(docs: readonly Doc[], until: number, newId: (headline: string) => string): Steps<StoryChanges> {
    const left = this.#expire(until - this.#options.windowMs);
    const fresh = yield* this.#admit(docs, until);
    const changed = new Set([...left.changed, ...fresh.joined.map(({ item }) => item.story)]);
    let leaves = fresh.items;
    if (this.#items.size >= REEXAMINED_AT * this.#weighedAt) {
      leaves = [...this.#items.values()];
      this.#weighedAt = this.#items.size;
    }
    const outcome = new Outcome(fresh.joined);
    if (leaves.length > 0) yield* this.#settle(leaves, changed, outcome, newId);
    const grown = this.#outgrown(outcome, left.changed);
    if (grown.length > 0) yield* this.#settle(grown, changed, outcome, newId);
    this.#postings.pack();
    return { ...this.#changes(changed, outcome, left.gone), expired: left.headlines.sort() };
  }

  #restoreItem(rows: readonly StoredHeadline[], byId: ReadonlyMap<string, Doc>): void {
    const docs = rows.flatMap(({ headline }) => byId.get(headline) ?? []);
    const [row] = rows;
    if (docs.length === 0 || row === undefined) return;
    const stored = decodeStored(row, this.#vocabulary);
    const item: Item = { ...holding(docs), id: row.item, slot: -1, story: row.story, ...stored };
    this.#postings.count(item);
    this.#postings.file(item);
    this.#register(item);
  }

  #register(item: Item): void {
    this.#items.set(item.id, item);
    for (const { id } of item.docs) this.#itemOf.set(id, item);
    this.#repeats.add(item.key, item);
    if (item.story !== '') this.#enter(item, item.story);
  }

  #enter(item: Item, story: string): void {
    item.story = story;
    const items = this.#stories.get(story);
    if (items) items.add(item);
    else this.#stories.set(story, new Set([item]));
  }

  #leave(item: Item): void {
    const items = this.#stories.get(item.story);
    items?.delete(item);
    if (items?.size === 0) this.#forget(item.story);
  }

  #forget(story: string): void {
    this.#stories.delete(story);
    this.#examined.delete(story);
  }

  #sizeOf(story: string): number {
    let size = 0;
    for (const { docs } of this.#stories.get(story) ?? []) size += docs.length;
    return size;
  }

  /** Lets go what was published at or before `from`. */
  #expire(from: number): { changed: Set<string>; gone: string[]; headlines: string[] } {
    const changed = new Set<string>();
    const gone: string[] = [];
    const headlines: string[] = [];
    for (const item of this.#items.values()) {
      if (item.first > from) continue;
      const old = item.docs.filter((doc) => timeOf(doc) <= from);
      Object.assign(item, holding(item.docs.filter((doc) => timeOf(doc) > from)));
      for (const { id } of old) this.#itemOf.delete(id);
      headlines.push(...old.map(({ id }) => id));
      changed.add(item.story);
      if (item.docs.length > 0) continue;
      this.#items.delete(item.id);
      this.#postings.remove(item);
      this.#repeats.remove(item.key, item);
      this.#leave(item);
      if (!this.#stories.has(item.story)) gone.push(item.story);
    }
    return { changed, gone, headlines };
  }

  /** Takes new headlines in: repeats join their item (and its story), the others become items without a story. */
  *#admit(docs: readonly Doc[], until: number): Steps<{ items: Item[]; joined: Repeat[] }> {
    const from = until - this.#options.windowMs;
    const news = docs
      .filter((doc) => !this.#itemOf.has(doc.id) && timeOf(doc) > from && timeOf(doc) <= until)
      .toSorted(docsByTime);
    const items: Item[] = [];
    const joined: Repeat[] = [];
    for (const [i, doc] of news.entries()) {
      if (this.#itemOf.has(doc.id)) continue;
      const { key, counts } = readHeadline(doc);
      const known = key === '' ? undefined : this.#repeats.find(key, (item) => this.#isRepeat(doc, item));
      if (known) {
        Object.assign(known, holding([...known.docs, doc]));
        this.#itemOf.set(doc.id, known);
        if (known.story !== '') joined.push({ item: known, headline: doc.id });
      } else {
        const item = newItem(doc, key, this.#vocabulary.vectorOf(counts));
        this.#postings.count(item);
        this.#register(item);
        items.push(item);
      }
      if (i % ITEMS_A_STEP === 0) yield;
    }
    return { items, joined };
  }

  // What is said again after a long silence is said of something else: "Weather for the week-end".
  #isRepeat(doc: Doc, { first, last }: Item): boolean {
    return Math.max(first - timeOf(doc), timeOf(doc) - last) <= this.#options.silenceHalfLifeMs;
  }

  /** Weighs the leaves afresh, lets them and the stories near them agglomerate, and gives the groups their ids. */
  *#settle(
    leaves: Item[],
    changed: Set<string>,
    outcome: Outcome,
    newId: (id: string) => string,
  ): Steps<void> {
    leaves.sort(byTime);
    yield* weigh(
      leaves,
      this.#postings,
      this.#vocabulary,
      LONE_PATIENCE * this.#options.silenceHalfLifeMs,
      outcome.edges,
    );
    const result = yield* regroup(leaves, outcome.edges, this.#stories, this.#options);
    this.#apply(result, changed, outcome, newId);
    for (const item of leaves) outcome.weighed.add(item);
  }

  #apply(result: Regrouping, changed: Set<string>, outcome: Outcome, newId: (id: string) => string): void {
    const { groups, ids, merged, split } = result;
    const names = groups.map((group, g) => ids[g] ?? newId(group.items[0]!.docs[0]!.id));
    const before = names.map((name) => this.#examined.get(name) ?? 1);
    for (const [g, { items, afresh }] of groups.entries()) {
      const name = names[g]!;
      if (ids[g] === undefined) outcome.named.add(name);
      if (
        ids[g] !== undefined &&
        items.length === this.#stories.get(name)?.size &&
        items.every((i) => i.story === name)
      ) {
        if (afresh && before[g] !== items.length) changed.add(name);
        if (afresh) this.#examined.set(name, items.length);
        continue;
      }
      changed.add(name);
      for (const item of items) {
        if (item.story === name) continue;
        if (item.story !== '') {
          changed.add(item.story);
          this.#leave(item);
        }
        outcome.moved.add(item);
        this.#enter(item, name);
      }
      this.#examined.set(name, afresh ? items.length : before[g]!);
    }
    for (const [from, g] of merged) outcome.merged.set(from, names[g]!);
    for (const [g, from] of split) outcome.split.set(names[g]!, from);
  }

  /** Items of stories that have become much larger or smaller than when they were last looked at. */
  #outgrown(outcome: Outcome, shrunk: ReadonlySet<string>): Item[] {
    const candidates = new Set([...shrunk, ...[...outcome.moved].map(({ story }) => story)]);
    return [...candidates].flatMap((story) => {
      const items = this.#stories.get(story);
      const before = this.#examined.get(story) ?? 1;
      if (!items || Math.max(items.size, before) < FEWEST_REEXAMINED) return [];
      const stands = items.size < REEXAMINED_AT * before && items.size * REEXAMINED_AT > before;
      return stands ? [] : [...items];
    });
  }

  #changes(
    changed: ReadonlySet<string>,
    outcome: Outcome,
    emptied: readonly string[],
  ): Omit<StoryChanges, 'expired'> {
    const isThere = (id: string): boolean => this.#stories.has(id);
    const isKnown = (id: string): boolean => id !== '' && !outcome.named.has(id);
    const alive = [...changed].filter(isThere).sort();
    return {
      stories: alive.map((id) => this.#describe(id)),
      headlines: this.#storedOf(outcome),
      gone: [...new Set([...changed, ...emptied])].filter((id) => isKnown(id) && !isThere(id)).sort(),
      born: [...outcome.named].filter(isThere).sort(),
      merged: outcome.mergers(),
      split: [...outcome.split]
        .filter(([id]) => isThere(id))
        .map(([id, from]) => ({ id, from }))
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
      weighedAt: this.#weighedAt,
    };
  }

  #describe(id: string): StoryChanges['stories'][number] {
    const items = [...this.#stories.get(id)!].sort(byTime);
    const described = describeStory(items, this.#postings, this.#vocabulary);
    return { id, examined: this.#examined.get(id) ?? 1, ...described };
  }

  /** Rows of the headlines whose item is new, was weighed afresh, moved, or gained a repeat. */
  #storedOf({ moved, weighed, joined }: Outcome): StoryChanges['headlines'] {
    const items = new Set([...moved, ...weighed]);
    const rowOf = (item: Item, headline: string) => ({ headline, item: item.id, story: item.story });
    return [
      ...[...items].sort(byTime).flatMap((item) => item.docs.map(({ id }) => rowOf(item, id))),
      // Of an item that stays as it is, what joined it: the others may be a thousand.
      ...joined.filter(({ item }) => !items.has(item)).map(({ item, headline }) => rowOf(item, headline)),
    ];
  }
}

/** A headline that joined an item that has a story. */
type Repeat = { item: Item; headline: string };

/** What has come about in one run, over its regroupings. */
class Outcome {
  readonly moved = new Set<Item>();
  readonly weighed = new Set<Item>();
  readonly edges = new Map<Item, Item[]>();
  readonly joined: readonly Repeat[];
  /** Stories that this run has named. Where one is gone again at its end, nobody has seen it. */
  readonly named = new Set<string>();
  readonly split = new Map<string, string>();
  readonly merged = new Map<string, string>();

  constructor(joined: readonly Repeat[]) {
    this.joined = joined;
  }

  /** Where each story that somebody knows went in the end: what it went into may itself have gone on into another. */
  mergers(): { from: string; into: string }[] {
    return [...this.merged.keys()]
      .filter((from) => !this.named.has(from))
      .sort()
      .map((from) => {
        let into = from;
        while (this.merged.has(into)) into = this.merged.get(into)!;
        return { from, into };
      });
  }
}

function newItem(doc: Doc, key: string, terms: Vector): Item {
  const none = new Int32Array(0);
  return {
    ...holding([doc]),
    id: doc.id,
    at: timeOf(doc),
    key,
    terms,
    slot: -1,
    own: none,
    wide: none,
    story: '',
  };
}

function decodeStored(row: StoredHeadline, vocabulary: Vocabulary): ReturnType<typeof decodeVectors> {
  try {
    return decodeVectors(row.vector, vocabulary);
  } catch (cause) {
    throw new TypeError(`headline ${row.headline}: ${(cause as Error).message}`, { cause });
  }
}
