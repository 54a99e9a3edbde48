import type { Catalog } from '../../catalog.ts';
import type { Collection } from '../../collection/collection.ts';
import { runGroups } from '../../collection/groups.ts';
import type { Group, GroupId } from '../../collection/groups.ts';
import { renderHit, renderRecord } from '../../collection/render.ts';
import type { RecordOutput } from '../../collection/render.ts';
import { notFound } from '../../errors.ts';
import type { GroupsRequest, Lookup } from '../../request/groups.ts';
import { canonicalUuid } from '../../request/point-id.ts';

/** Finds the record that a group's value is the id of. */
function lookupIn(catalog: Catalog, lookup: Lookup): (id: GroupId) => RecordOutput | undefined {
  if (!catalog.has(lookup.collection)) throw notFound(`Collection ${lookup.collection} not found`);
  const collection = catalog.get(lookup.collection);
  const output = lookup.readOutput(collection.config);
  return (id) => {
    const pointId = typeof id === 'string' ? canonicalUuid(id) : id;
    const slot = pointId === undefined ? undefined : collection.points.slotOf(pointId);
    return slot === undefined ? undefined : renderRecord(collection, slot, output);
  };
}

/** Runs a query in groups and renders them as both the query and the search route show them. */
export async function answerGroups(
  catalog: Catalog,
  collection: Collection,
  request: GroupsRequest,
): Promise<object> {
  // Looked for first, so that a wrong name is refused whatever is found.
  if (request.lookup) lookupIn(catalog, request.lookup);
  const groups = await runGroups(collection, request);
  const lookup = request.lookup && lookupIn(catalog, request.lookup);
  return {
    groups: groups.map(({ id, hits }: Group) => {
      const record = lookup?.(id);
      return {
        id,
        hits: hits.map((hit) => renderHit(collection, hit, request.query.output)),
        ...(record && { lookup: record }),
      };
    }),
  };
}
