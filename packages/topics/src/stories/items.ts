import type { Doc } from '../types.ts';
import type { Vector } from './vectors.ts';

/** Headlines that say the same, word for word or nearly: one point for the grouping. */
export type Item = {
  /** Its headlines, oldest first; the first one's id names the item. */
  docs: Doc[];
  /** When the first and the last of them were published, milliseconds. */
  first: number;
  last: number;
  /** Id of the headline that began it. Stays when that headline has left the window. */
  readonly id: string;
  /** When that headline was published, milliseconds. Together with the id: its place in any order. */
  readonly at: number;
  /** Folded title, by which repeats are found. */
  readonly key: string;
  /** Terms, as columns of the window, and how often each occurs. */
  readonly terms: Vector;
  /** Number of its place in the postings; changes when they are packed. */
  slot: number;
  /** TF-IDF of its own words. */
  own: Vector;
  /** `own` with what its neighbours say: what groups are made of. */
  wide: Vector;
  story: string;
};

/** Order of items: time, then id. Nothing depends on the order in which a caller hands headlines over. */
export const byTime = (a: Pick<Item, 'at' | 'id'>, b: Pick<Item, 'at' | 'id'>): number =>
  a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** When a headline was published; one without a date counts as of 1970. */
export const timeOf = ({ publishedAt }: Doc): number => (Number.isFinite(publishedAt) ? publishedAt : 0);

export const docsByTime = (a: Doc, b: Doc): number =>
  timeOf(a) - timeOf(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** An item's headlines, given in any order, with their times. */
export function holding(docs: Doc[]): Pick<Item, 'docs' | 'first' | 'last'> {
  docs.sort(docsByTime);
  const [first, last] = [docs[0], docs.at(-1)];
  return { docs, first: first ? timeOf(first) : 0, last: last ? timeOf(last) : 0 };
}

/** Milliseconds between what two items say; 0 where their times overlap. */
export const silenceBetween = (a: Item, b: Item): number =>
  Math.max(0, Math.max(a.first, b.first) - Math.min(a.last, b.last));
