import { notFound } from '../errors.ts';
import { compileFilters } from '../filter/compile.ts';
import type { Filter } from '../filter/types.ts';
import { deleteAtPath, mergePayload, setAtPath } from '../payload/change.ts';
import type { JsonPath } from '../payload/json-path.ts';
import type { Upsert, VectorsUpdate } from '../request/points.ts';
import type { PointsSelector } from '../request/selector.ts';
import type { Change, Payload, Point, PointId, Vectors } from '../types.ts';
import type { Collection } from './collection.ts';
import { matchingSlots } from './search.ts';

/*
 * Each function turns a request into the change that it makes, without making it. Everything that can be
 * refused is refused here, so a request is applied whole or not at all.
 */

export function upsertChange(collection: Collection, { points, mode, filter }: Upsert): Change {
  const passes = filterTest(collection, filter);
  const wanted = points.filter(({ id }) => {
    const slot = collection.points.slotOf(id);
    if (slot === undefined) return mode !== 'update_only';
    return mode !== 'insert_only' && passes(slot);
  });
  const version = collection.nextVersion();
  return { op: 'upsert', points: wanted.map((point) => ({ ...point, version })) };
}

/** Puts vectors beside those that the points have. Several for one point are put one after the other. */
export function updateVectorsChange(collection: Collection, { points, filter }: VectorsUpdate): Change {
  const passes = filterTest(collection, filter);
  existing(
    collection,
    points.map(({ id }) => id),
  );
  const added = new Map<PointId, Vectors>();
  for (const { id, vectors } of points) {
    if (passes(collection.points.slotOf(id) as number)) {
      added.set(id, new Map([...(added.get(id) ?? []), ...vectors]));
    }
  }
  return vectorsChange(collection, [...added.keys()], (id, old) => {
    return new Map([...old, ...(added.get(id) as Vectors)]);
  });
}

export function deleteVectorsChange(
  collection: Collection,
  selector: PointsSelector,
  names: readonly string[],
): Change {
  return vectorsChange(collection, selected(collection, selector), (_, old) => {
    return new Map([...old].filter(([name]) => !names.includes(name)));
  });
}

/** Points are logged whole, so a change of their vectors is an upsert of what they then are. */
function vectorsChange(
  collection: Collection,
  ids: readonly PointId[],
  change: (id: PointId, old: Vectors) => Vectors,
): Change {
  const version = collection.nextVersion();
  const points = ids.map((id): Point => {
    const { payload, vectors } = collection.pointAt(collection.points.slotOf(id) as number);
    return { id, version, payload, vectors: change(id, vectors) };
  });
  return { op: 'upsert', points };
}

function filterTest(collection: Collection, filter: Filter | undefined): (slot: number) => boolean {
  const compiled = filter && compileFilters([filter], collection);
  return compiled?.test ?? (() => true);
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
  const ids = selected(collection, selector);
  const payloads = ids.map((id) => {
    const slot = collection.points.slotOf(id) as number;
    return change(structuredClone(collection.points.payloadAt(slot)));
  });
  return { op: 'payload', version: collection.nextVersion(), ids, payloads };
}

/** The points asked for, each once; ids must be of points that are there. */
const selected = (collection: Collection, selector: PointsSelector): PointId[] =>
  'ids' in selector ? existing(collection, selector.ids) : idsMatching(collection, selector);

function existing({ points }: Collection, ids: PointId[]): PointId[] {
  const missing = ids.find((id) => points.slotOf(id) === undefined);
  if (missing !== undefined) throw notFound(`No point with id ${missing} found`);
  return [...new Set(ids)];
}

const idsMatching = (
  collection: Collection,
  { filter }: Extract<PointsSelector, { filter: unknown }>,
): PointId[] => Array.from(matchingSlots(collection, filter), (slot) => collection.points.idAt(slot));
