import type { Catalog } from '../../catalog.ts';
import type { Collection } from '../../collection/collection.ts';
import { deleteChange, upsertChange } from '../../collection/mutate.ts';
import { renderRecord } from '../../collection/render.ts';
import type { RecordOutput } from '../../collection/render.ts';
import { idsInOrder, matchingSlots } from '../../collection/search.ts';
import { notFound } from '../../errors.ts';
import { readFilter } from '../../request/filter.ts';
import { readOutput } from '../../request/output.ts';
import { parsePointId, readPointId, readPointIds } from '../../request/point-id.ts';
import { readUpsert } from '../../request/points.ts';
import { optional, readBoolean, readObject, readUnsigned, refuse } from '../../request/read.ts';
import { readSelector } from '../../request/selector.ts';
import type { Change } from '../../types.ts';
import { collectionName, readWait } from '../params.ts';
import type { Call } from '../params.ts';
import type { Route } from '../router.ts';
import { updateResult } from './update-result.ts';

const DEFAULT_SCROLL_LIMIT = 10;
const SHARDING = { shard_key: 'a shard key' };

/** Makes the change that `plan` reads from the call, and answers when it is as durable as was asked. */
export async function update(
  catalog: Catalog,
  call: Call,
  plan: (collection: Collection, body: unknown) => Change,
): Promise<object> {
  const name = collectionName(call);
  const wait = readWait(call);
  const collection = catalog.get(name);
  await catalog.write(name, plan(collection, call.body), wait);
  return updateResult(collection.version, wait);
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

function scroll(collection: Collection, body: unknown): object {
  const fields = readObject(body, 'body');
  refuse(fields, { ...SHARDING, order_by: 'scroll with order_by' });
  const limit =
    optional(fields['limit'], 'limit', (value, field) => readUnsigned(value, field, 1)) ??
    DEFAULT_SCROLL_LIMIT;
  const filter = optional(fields['filter'], 'filter', readFilter);
  const start = optional(fields['offset'], 'offset', readPointId);
  const output = readOutput(collection.config, fields, true);
  // One more than asked for: it is where the next page begins.
  const slots = [...idsInOrder(collection, filter ? [filter] : [], start, limit + 1)];
  const next = slots.length > limit ? slots.pop() : undefined;
  return {
    points: slots.map((slot) => renderRecord(collection, slot, output)),
    next_page_offset: next === undefined ? null : collection.points.idAt(next),
  };
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
    [
      'PUT',
      '/collections/:name/points',
      (call) =>
        update(catalog, call, (collection, body) =>
          upsertChange(collection, readUpsert(collection.config, body)),
        ),
    ],
    [
      'POST',
      '/collections/:name/points/delete',
      (call) =>
        update(catalog, call, (collection, body) =>
          deleteChange(collection, readSelector(readObject(body, 'body'))),
        ),
    ],
    ['GET', '/collections/:name/points/:id', (call) => retrieveOne(of(call), call.params['id'] ?? '')],
    ['POST', '/collections/:name/points', (call) => retrieve(of(call), call.body)],
    ['POST', '/collections/:name/points/scroll', (call) => scroll(of(call), call.body)],
    ['POST', '/collections/:name/points/count', (call) => count(of(call), call.body)],
  ];
};
