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
import { describeStory } from './describe.ts';
import { Membership, REEXAMINED_AT } from './membership.ts';
import { Outcome } from './outcome.ts';
import type { Repeat } from './outcome.ts';
import { Postings } from './postings.ts';
import { Vocabulary } from './vocabulary.ts';
import { weigh } from './weigh.ts';

const HOUR = 3_600_000;
const DEFAULTS = { windowMs: 72 * HOUR, threshold: 0.33, silenceHalfLifeMs: 12 * HOUR };
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
  readonly #members = new Membership();
  /** Items that the window had when all of it was last weighed. */
  #weighedAt = 0;
  /** Items whose stored vectors could not be read. */
  #unread: Item[] = [];
  readonly #faults: string[] = [];

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
   * The window as it was stored. Headlines without a `Doc` are left out: they have been deleted since. Bytes that are torn or of
   * another release are named by `faults`; such a headline keeps its story, and is weighed afresh in the next run.
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
      if (window.#members.has(story)) window.#members.examine(story, items);
    }
    window.#weighedAt = stored.weighedAt;
    return window;
  }

  /** What could not be read when the window was restored, a sentence a headline. The next run weighs these afresh. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  /** Headlines in the window. */
  get size(): number {
    return this.#itemOf.size;
  }

  /** Ids of the stories with at least `least` headlines. */
  storyIds(least = 1): string[] {
    return [...this.#members.stories.keys()].filter((id) => this.#members.sizeOf(id) >= least).sort();
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
    if (Number.isNaN(until)) throw new RangeError('until NaN: no moment');
    const left = this.#expire(until - this.#options.windowMs);
    const fresh = yield* this.#admit(docs, until);
    let leaves = [...fresh.items, ...this.#unread.filter((item) => this.#items.get(item.id) === item)];
    this.#unread = [];
    if (this.#items.size >= REEXAMINED_AT * this.#weighedAt) {
      leaves = [...this.#items.values()];
      this.#weighedAt = this.#items.size;
    }
    // A window that has shrunk, after an import of an archive say, is to grow from there.
    if (this.#items.size * REEXAMINED_AT < this.#weighedAt) this.#weighedAt = this.#items.size;
    const outcome = new Outcome(left.changed, fresh.joined);
    if (leaves.length > 0) yield* this.#settle(leaves, outcome, newId);
    const touched = [...left.changed, ...[...outcome.moved].map(({ story }) => story)];
    const grown = this.#members.outgrown(touched);
    if (grown.length > 0) yield* this.#settle(grown, outcome, newId);
    this.#postings.pack();
    return {
      stories: [...outcome.changed]
        .filter((id) => this.#members.has(id))
        .sort()
        .map((id) => this.#describe(id)),
      ...outcome.tell(this.#members, left.gone),
      expired: left.headlines.sort(),
      weighedAt: this.#weighedAt,
    };
  }

  #restoreItem(rows: readonly StoredHeadline[], byId: ReadonlyMap<string, Doc>): void {
    const docs = rows.flatMap(({ headline }) => byId.get(headline) ?? []);
    const [row] = rows;
    if (docs.length === 0 || row === undefined) return;
    const stored = this.#decode(row);
    // What cannot be read is read from the headline again, and weighed with the next run.
    const item = stored
      ? { ...holding(docs), id: row.item, slot: -1, ...stored, story: row.story }
      : { ...this.#newItem(docs), id: row.item, story: row.story };
    this.#postings.count(item);
    if (stored) this.#postings.file(item);
    else this.#unread.push(item);
    this.#register(item);
  }

  #decode(row: StoredHeadline): ReturnType<typeof decodeVectors> | undefined {
    try {
      return decodeVectors(row.vector, this.#vocabulary);
    } catch (cause) {
      this.#faults.push(`headline ${row.headline}: ${(cause as Error).message}`);
      return undefined;
    }
  }

  /** An item of headlines that say the same, without a story. */
  #newItem(docs: Doc[]): Item {
    const held = holding(docs);
    const [first] = held.docs;
    const { key, counts } = readHeadline(first!);
    const none = new Int32Array(0);
    const terms = this.#vocabulary.vectorOf(counts);
    return { ...held, id: first!.id, at: held.first, key, terms, slot: -1, own: none, wide: none, story: '' };
  }

  #register(item: Item): void {
    this.#items.set(item.id, item);
    for (const { id } of item.docs) this.#itemOf.set(id, item);
    this.#repeats.add(item.key, item);
    if (item.story !== '') this.#members.enter(item, item.story);
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
      this.#members.leave(item);
      if (!this.#members.has(item.story)) gone.push(item.story);
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
      const item = this.#newItem([doc]);
      const known = this.#items.get(doc.id) ?? this.#repeatOf(doc, item.key);
      if (known) {
        Object.assign(known, holding([...known.docs, doc]));
        this.#itemOf.set(doc.id, known);
        if (known.story !== '') joined.push({ item: known, headline: doc.id });
      } else {
        this.#postings.count(item);
        this.#register(item);
        items.push(item);
      }
      if (i % ITEMS_A_STEP === 0) yield;
    }
    return { items, joined };
  }

  /** The item of which a headline is a repeat. */
  #repeatOf(doc: Doc, key: string): Item | undefined {
    const at = timeOf(doc);
    // What is said again after a long silence is said of something else: "Weather for the week-end".
    const isNear = ({ first, last }: Item): boolean =>
      Math.max(first - at, at - last) <= this.#options.silenceHalfLifeMs;
    return key === '' ? undefined : this.#repeats.find(key, isNear);
  }

  /** Weighs the leaves afresh, lets them and the stories near them agglomerate, and gives the groups their ids. */
  *#settle(leaves: Item[], outcome: Outcome, newId: (headline: string) => string): Steps<void> {
    leaves.sort(byTime);
    const halfLifeMs = LONE_PATIENCE * this.#options.silenceHalfLifeMs;
    yield* weigh(leaves, this.#postings, this.#vocabulary, halfLifeMs, outcome.edges);
    const result = yield* regroup(leaves, outcome.edges, this.#members.stories, this.#options);
    outcome.apply(result, this.#members, newId);
    for (const item of leaves) outcome.weighed.add(item);
  }

  #describe(id: string): StoryChanges['stories'][number] {
    const items = [...this.#members.stories.get(id)!].sort(byTime);
    const described = describeStory(items, this.#postings, this.#vocabulary);
    return { id, examined: this.#members.examinedOf(id), ...described };
  }
}
