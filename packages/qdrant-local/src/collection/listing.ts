import { randomInt } from 'node:crypto';
import type { Filter } from '../filter/types.ts';
import { compileFilters } from '../filter/compile.ts';
import type { Scoring } from '../request/query.ts';
import type { Collection } from './collection.ts';
import { orderIndex, pointsInOrder } from './order-by.ts';
import { idsInOrder } from './search.ts';
import type { Hit } from './top-k.ts';

/** A query that lists points without scoring them: by id where no query is given, by a field, or at random. */
export type Listing = Extract<Scoring, { kind: 'order' | 'sample' }> | undefined;

export const isListing = (scoring: Scoring | undefined): scoring is Listing =>
  scoring === undefined || scoring.kind === 'order' || scoring.kind === 'sample';

/** Throws the server's 400 for an order that no index gives. */
export function checkListing(collection: Collection, scoring: Listing): void {
  if (scoring?.kind === 'order') orderIndex(collection, scoring.order);
}

/** The score that the server gives to what it has not scored. */
const UNSCORED = 1;

/** Some of the slots, any of them as likely as any other, in an order as likely as any other. */
function sample(slots: number[], limit: number): number[] {
  const size = Math.min(limit, slots.length);
  for (let position = 0; position < size; position++) {
    const other = randomInt(position, slots.length);
    [slots[position], slots[other]] = [slots[other] as number, slots[position] as number];
  }
  return slots.slice(0, size);
}

function passingSlots(
  collection: Collection,
  filters: readonly Filter[],
  within: ReadonlySet<number> | undefined,
): number[] {
  const filter = compileFilters(filters, collection);
  const slots = within ?? filter?.candidates ?? collection.points.liveSlots();
  return Array.from(slots).filter((slot) => !filter || filter.test(slot));
}

/** The listed points, of those `within` or of all. */
export function list(
  collection: Collection,
  scoring: Listing,
  filters: readonly Filter[],
  within: ReadonlySet<number> | undefined,
  limit: number,
): Hit[] {
  if (scoring?.kind === 'order') {
    return pointsInOrder(collection, scoring.order, filters, within, limit).map(({ slot, value }): Hit => ({
      slot,
      score: UNSCORED,
      listed: true,
      orderValue: value,
    }));
  }
  const slots = scoring
    ? sample(passingSlots(collection, filters, within), limit)
    : Array.from(idsInOrder(collection, filters, undefined, limit));
  return slots.map((slot): Hit => ({ slot, score: UNSCORED, listed: true }));
}
