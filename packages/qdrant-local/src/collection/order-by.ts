import { badInput } from '../errors.ts';
import { compileFilters } from '../filter/compile.ts';
import type { Filter } from '../filter/types.ts';
import { formatPath } from '../payload/json-path.ts';
import { comparePointIds } from '../request/point-id.ts';
import type { OrderBy } from '../request/order-by.ts';
import type { Collection } from './collection.ts';
import type { FieldIndex } from './field-index.ts';
import { TopK } from './top-k.ts';
import type { Before, Hit } from './top-k.ts';

/** A hit of order_by: the value that it stands by is its score here. */
export interface OrderedHit {
  slot: number;
  value: number;
}

const DOCUMENTATION = 'https://qdrant.tech/documentation/concepts/indexing/#payload-index';

/** The index that the order is read from; the server's 400 where there is none. */
export function orderIndex({ fields }: Collection, { path }: OrderBy): FieldIndex {
  const key = formatPath(path);
  const index = fields.get(key);
  if (index?.ranges) return index;
  throw badInput(
    `No range index for \`order_by\` key: \`${key}\`. Please create one to use \`order_by\`. ` +
      `Check ${DOCUMENTATION} to see which payload schemas support Range conditions`,
  );
}

/** By value, then by id, both in the same direction. */
function ordering({ points }: Collection, descending: boolean): Before {
  const sign = descending ? -1 : 1;
  return (a, b) => {
    if (a.score !== b.score) return (a.score - b.score) * sign < 0;
    return comparePointIds(points.idAt(a.slot), points.idAt(b.slot)) * sign < 0;
  };
}

/**
 * The first `limit` points by a payload value, of those `within` or of all. A point with several values comes
 * once for each; one without does not come.
 */
export function pointsInOrder(
  collection: Collection,
  order: OrderBy,
  filters: readonly Filter[],
  within: ReadonlySet<number> | undefined,
  limit: number,
): OrderedHit[] {
  const index = orderIndex(collection, order);
  const { descending, startFrom } = order;
  const filter = compileFilters(filters, collection);
  const entries: Hit[] = [];
  for (const slot of within ?? filter?.candidates ?? collection.points.liveSlots()) {
    if (filter && !filter.test(slot)) continue;
    for (const value of new Set(index.valuesAt(slot) as number[])) {
      const before = startFrom !== undefined && (descending ? value > startFrom : value < startFrom);
      if (!before) entries.push({ slot, score: value });
    }
  }
  const top = new TopK(Math.min(limit, entries.length), ordering(collection, descending));
  for (const { slot, score } of entries) top.offer(slot, score);
  return top.sorted().map(({ slot, score }) => ({ slot, value: score }));
}
