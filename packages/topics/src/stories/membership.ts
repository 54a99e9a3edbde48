import type { Item } from './items.ts';

// A story is looked at afresh, headline by headline, when it has become so many times as large (or as small) as it was
// when it was last; so each headline is looked at a bounded number of times, however large its story grows.
export const REEXAMINED_AT = 2;
const FEWEST_REEXAMINED = 8;

/** Which item is in which story, and how many a story had when it was last looked at afresh. */
export class Membership {
  readonly #stories = new Map<string, Set<Item>>();
  readonly #examined = new Map<string, number>();

  get stories(): ReadonlyMap<string, ReadonlySet<Item>> {
    return this.#stories;
  }

  has(story: string): boolean {
    return this.#stories.has(story);
  }

  /** Headlines of a story. */
  sizeOf(story: string): number {
    let size = 0;
    for (const { docs } of this.#stories.get(story) ?? []) size += docs.length;
    return size;
  }

  examinedOf(story: string): number {
    return this.#examined.get(story) ?? 1;
  }

  examine(story: string, items: number): void {
    this.#examined.set(story, items);
  }

  enter(item: Item, story: string): void {
    item.story = story;
    const items = this.#stories.get(story);
    if (items) items.add(item);
    else this.#stories.set(story, new Set([item]));
  }

  /** A story that nobody is left in is gone. */
  leave(item: Item): void {
    const items = this.#stories.get(item.story);
    items?.delete(item);
    if (items?.size !== 0) return;
    this.#stories.delete(item.story);
    this.#examined.delete(item.story);
  }

  /** Is that all of the story, and nothing else? */
  isAll(story: string, items: readonly Item[]): boolean {
    return items.length === this.#stories.get(story)?.size && items.every((item) => item.story === story);
  }

  /** Items of those of these stories that are to be looked at afresh. */
  outgrown(stories: Iterable<string>): Item[] {
    return [...new Set(stories)].flatMap((story) => {
      const items = this.#stories.get(story);
      const before = this.examinedOf(story);
      if (!items || Math.max(items.size, before) < FEWEST_REEXAMINED) return [];
      const stands = items.size < REEXAMINED_AT * before && items.size * REEXAMINED_AT > before;
      return stands ? [] : [...items];
    });
  }
}
