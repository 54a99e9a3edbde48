import type { Catalog } from '../../catalog.ts';
import type { Collection } from '../../collection/collection.ts';
import { pointsInOrder } from '../../collection/order-by.ts';
import { renderRecord } from '../../collection/render.ts';
import type { RecordOutput } from '../../collection/render.ts';
import { idsInOrder, matchingSlots } from '../../collection/search.ts';
import { badInput, notFound } from '../../errors.ts';
import type { Filter } from '../../filter/types.ts';
import { readFilter } from '../../request/filter.ts';
import { readOrderBy } from '../../request/order-by.ts';
import type { OrderBy } from '../../request/order-by.ts';
import { readOutput } from '../../request/output.ts';
import type { Output } from '../../request/output.ts';
import { parsePointId, readPointId, readPointIds } from '../../request/point-id.ts';
import { optional, readBoolean, readObject, readUnsigned, refuse } from '../../request/read.ts';
import { collectionName } from '../params.ts';
import type { Call } from '../params.ts';
import type { Route } from '../router.ts';

const DEFAULT_SCROLL_LIMIT = 10;
const SHARDING = { shard_key: 'a shard key' };

interface Page {
  points: RecordOutput[];
  next_page_offset: RecordOutput['id'] | null;
}

function retrieveOne(collection: Collection, text: string): RecordOutput {
  const id = parsePointId(text);
  const slot = collection.points.slotOf(id);
  if (slot === undefined) throw notFound(`Point with id ${id} does not exists!`);
  return renderRecord(collection, slot, { payload: true, vector: true });
}

/** The points that exist, in the order of the ids, each once. */
function retrieve(collection: Collection, body: unknown): RecordOutput[] {
  const fields = readObject(body, 'body');
  refuse(fields, SHARDING);
  const output = readOutput(collection.config, fields, true);
  const slots = readPointIds(fields['ids'], 'ids').map((id) => collection.points.slotOf(id));
  return [...new Set(slots)].flatMap((slot) =>
    slot === undefined ? [] : [renderRecord(collection, slot, output)],
  );
}

function scroll(collection: Collection, body: unknown): Page {
  const fields = readObject(body, 'body');
  refuse(fields, SHARDING);
  const limit =
    optional(fields['limit'], 'limit', (value, field) => readUnsigned(value, field, 1)) ??
    DEFAULT_SCROLL_LIMIT;
  const filter = optional(fields['filter'], 'filter', readFilter);
  const start = optional(fields['offset'], 'offset', readPointId);
  const order = optional(fields['order_by'], 'order_by', readOrderBy);
  const output = readOutput(collection.config, fields, true);
  if (order) {
    if (start !== undefined) {
      throw badInput('Cannot use an `offset` when using `order_by`: page by `order_by.start_from` instead');
    }
    return orderedPage(collection, order, filter, limit, output);
  }
  // One more than asked for: it is where the next page begins.
  const slots = [...idsInOrder(collection, filter ? [filter] : [], start, limit + 1)];
  const next = slots.length > limit ? slots.pop() : undefined;
  return {
    points: slots.map((slot) => renderRecord(collection, slot, output)),
    next_page_offset: next === undefined ? null : collection.points.idAt(next),
  };
}

/** A page that names no next one: values repeat, so no one point is where it would begin. */
function orderedPage(
  collection: Collection,
  order: OrderBy,
  filter: Filter | undefined,
  limit: number,
  output: Output,
): Page {
  const hits = pointsInOrder(collection, order, filter ? [filter] : [], undefined, limit);
  const points = hits.map(({ slot, value }) => ({
    ...renderRecord(collection, slot, output),
    order_value: value,
  }));
  return { points, next_page_offset: null };
}

/** Always exact, whether asked to be or not. */
function count(collection: Collection, body: unknown): object {
  const fields = readObject(body ?? {}, 'body');
  refuse(fields, SHARDING);
  optional(fields['exact'], 'exact', readBoolean);
  const filter = optional(fields['filter'], 'filter', readFilter);
  if (!filter) return { count: collection.points.size };
  let matches = 0;
  for (const _slot of matchingSlots(collection, filter)) matches += 1;
  return { count: matches };
}

export const pointRoutes = (catalog: Catalog): Route[] => {
  const of = (call: Call): Collection => catalog.get(collectionName(call));
  return [
    ['GET', '/collections/:name/points/:id', (call) => retrieveOne(of(call), call.params['id'] ?? '')],
    ['POST', '/collections/:name/points', (call) => retrieve(of(call), call.body)],
    ['POST', '/collections/:name/points/scroll', (call) => scroll(of(call), call.body)],
    ['POST', '/collections/:name/points/count', (call) => count(of(call), call.body)],
  ];
};
