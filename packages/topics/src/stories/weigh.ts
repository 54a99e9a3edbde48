import type { Steps } from '@afk/text';
import { silenceBetween } from './items.ts';
import type { Item } from './items.ts';
import type { Neighbour, Postings } from './postings.ts';
import { toVector, widthOf } from './vectors.ts';
import type { Vector } from './vectors.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Nearest items whose words an item borrows, and how much they count beside its own. */
const BORROWED = { from: 15, weight: 0.6, terms: 40 };
/** What a word counts that no other item has: it says nothing about what is shared, and would only make all things less alike. */
const UNSHARED = 0.5;
/** Nearest items that it may form a group with. */
const LINKED = 10;
const ITEMS_A_STEP = 64;

/**
 * Gives items their vectors: first each its own, (1 + ln tf) sqrt(idf), half of that where the word is nobody else's; then
 * what it means in its surroundings: own + .6 sum over the 15 nearest of cosine x theirs, the 40 heaviest terms. Headlines of one event that
 * share no word share neighbours; it is pseudo-relevance feedback (Rocchio 1971), and one step of smoothing on the
 * graph of neighbours. Nearness is halved by every `halfLifeMs` of silence between two. (idf whole, unrooted, lets the
 * rarest word decide: headlines have ten.)
 *
 * Fills `edges` with the ten nearest of each item.
 */
export function* weigh(
  items: readonly Item[],
  postings: Postings,
  vocabulary: Vocabulary,
  halfLifeMs: number,
  edges: Map<Item, Item[]>,
): Steps<void> {
  for (const item of items) {
    postings.unfile(item);
    item.own = ownVector(item, postings);
    postings.file(item);
  }
  yield;
  for (const [i, item] of items.entries()) {
    const fade = (other: Item): number => 2 ** (-silenceBetween(item, other) / halfLifeMs);
    const near = postings.near(item, BORROWED.from, fade);
    item.wide = wideVector(item, near, vocabulary);
    edges.set(
      item,
      near.slice(0, LINKED).map((neighbour) => neighbour.item),
    );
    if (i % ITEMS_A_STEP === 0) yield;
  }
}

function ownVector({ terms }: Item, postings: Postings): Vector {
  const width = widthOf(terms);
  return toVector(
    Array.from(terms.subarray(0, width), (column, k) => {
      const share = postings.frequencyOf(column) === 1 ? UNSHARED : 1;
      return [column, share * (1 + Math.log(terms[width + k]!)) * Math.sqrt(postings.idfOf(column))] as const;
    }),
  );
}

function wideVector({ own }: Item, near: readonly Neighbour[], vocabulary: Vocabulary): Vector {
  const weights = new Map<number, number>();
  const borrow = (vector: Vector, share: number): void => {
    const width = widthOf(vector);
    for (let k = 0; k < width; k += 1) {
      weights.set(vector[k]!, (weights.get(vector[k]!) ?? 0) + share * vector[width + k]!);
    }
  };
  borrow(own, 1);
  for (const { item, cosine } of near) borrow(item.own, BORROWED.weight * cosine);
  // Ties by hash: a column's number depends on what the window has read before.
  const heaviest = [...weights].sort(
    ([a, x], [b, y]) => y - x || vocabulary.hashOf(a) - vocabulary.hashOf(b),
  );
  return toVector(heaviest.slice(0, BORROWED.terms));
}
