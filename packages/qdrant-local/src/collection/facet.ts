import { badInput } from '../errors.ts';
import type { Filter, Scalar } from '../filter/types.ts';
import { formatPath } from '../payload/json-path.ts';
import type { JsonPath } from '../payload/json-path.ts';
import type { Collection } from './collection.ts';
import type { FieldIndex } from './field-index.ts';
import { matchingSlots } from './search.ts';

export interface FacetHit {
  value: Scalar;
  count: number;
}

function facetIndex({ fields }: Collection, path: JsonPath): FieldIndex {
  const key = formatPath(path);
  const index = fields.get(key);
  if (index?.looksUp) return index;
  throw badInput(
    `No appropriate index for faceting: \`${key}\`. Please create one to facet on this field. ` +
      'Check https://qdrant.tech/documentation/concepts/indexing/#payload-index ' +
      'to see which payload schemas support Match conditions',
  );
}

/** In how many of the points that pass each value is. A value twice in one point counts once. */
function countValues(collection: Collection, index: FieldIndex, filter: Filter): Map<Scalar, number> {
  const counts = new Map<Scalar, number>();
  for (const slot of matchingSlots(collection, filter)) {
    for (const value of new Set(index.valuesAt(slot))) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

/** Values ascending: numbers by size, strings by code point, false before true. */
function compareValues(a: Scalar, b: Scalar): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The commonest values of a field, equal counts by value. Counts are exact. */
export function facet(
  collection: Collection,
  path: JsonPath,
  filter: Filter | undefined,
  limit: number,
): FacetHit[] {
  const index = facetIndex(collection, path);
  const counts = filter ? countValues(collection, index, filter) : index.counts();
  return Array.from(counts, ([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || compareValues(a.value, b.value))
    .slice(0, limit);
}
