import { notFound } from '../errors.ts';
import { deleteAtPath, mergePayload, setAtPath } from '../payload/change.ts';
import type { JsonPath } from '../payload/json-path.ts';
import type { NewPoint } from '../request/points.ts';
import type { PointsSelector } from '../request/selector.ts';
import type { Change, Payload, PointId } from '../types.ts';
import type { Collection } from './collection.ts';
import { matchingSlots } from './search.ts';

/*
 * Each function turns a request into the change that it makes, without making it. Everything that can be
 * refused is refused here, so a request is applied whole or not at all.
 */

export function upsertChange(collection: Collection, points: NewPoint[]): Change {
  const version = collection.nextVersion();
  return { op: 'upsert', points: points.map((point) => ({ ...point, version })) };
}

export function deleteChange(collection: Collection, selector: PointsSelector): Change {
  const ids = 'ids' in selector ? selector.ids : idsMatching(collection, selector);
  return { op: 'delete', version: collection.nextVersion(), ids };
}

export const setPayloadChange = (
  collection: Collection,
  selector: PointsSelector,
  patch: Payload,
  path: JsonPath | undefined,
): Change =>
  payloadChange(collection, selector, (payload) => {
    if (path) setAtPath(payload, path, patch);
    else mergePayload(payload, structuredClone(patch));
    return payload;
  });

export const overwritePayloadChange = (
  collection: Collection,
  selector: PointsSelector,
  payload: Payload,
): Change => payloadChange(collection, selector, () => structuredClone(payload));

export const deletePayloadChange = (
  collection: Collection,
  selector: PointsSelector,
  paths: JsonPath[],
): Change =>
  payloadChange(collection, selector, (payload) => {
    for (const path of paths) deleteAtPath(payload, path);
    return payload;
  });

export const clearPayloadChange = (collection: Collection, selector: PointsSelector): Change =>
  payloadChange(collection, selector, () => ({}));

/** `change` gets a copy of each payload, its own to change. */
function payloadChange(
  collection: Collection,
  selector: PointsSelector,
  change: (payload: Payload) => Payload,
): Change {
  const ids = 'ids' in selector ? existing(collection, selector.ids) : idsMatching(collection, selector);
  const payloads = ids.map((id) => {
    const slot = collection.points.slotOf(id) as number;
    return change(structuredClone(collection.points.payloadAt(slot)));
  });
  return { op: 'payload', version: collection.nextVersion(), ids, payloads };
}

function existing({ points }: Collection, ids: PointId[]): PointId[] {
  const missing = ids.find((id) => points.slotOf(id) === undefined);
  if (missing !== undefined) throw notFound(`No point with id ${missing} found`);
  return [...new Set(ids)];
}

const idsMatching = (
  collection: Collection,
  { filter }: Extract<PointsSelector, { filter: unknown }>,
): PointId[] => Array.from(matchingSlots(collection, filter), (slot) => collection.points.idAt(slot));
