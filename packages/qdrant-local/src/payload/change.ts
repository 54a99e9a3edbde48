import type { Json, JsonObject, Payload } from '../types.ts';
import { isJsonObject, ownValue, setOwn } from './json-path.ts';
import type { JsonPath, PathItem } from './json-path.ts';

/** Top-level merge: the new keys win, the others stay, and null takes a key away, as on the server. */
export function mergePayload(target: JsonObject, patch: Payload): JsonObject {
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete target[key];
    else setOwn(target, key, value);
  }
  return target;
}

const mergedInto = (old: Json | undefined, patch: Payload): Json =>
  mergePayload(isJsonObject(old) ? old : {}, structuredClone(patch));

const withKey = (old: Json | undefined, key: string, change: (child: Json | undefined) => Json): Json => {
  const object = isJsonObject(old) ? old : {};
  setOwn(object, key, change(ownValue(object, key)));
  return object;
};

function changed(value: Json | undefined, path: JsonPath, patch: Payload): Json {
  const [item, ...rest] = path as [PathItem?, ...PathItem[]];
  if (!item) return mergedInto(value, patch);
  if ('key' in item) return withKey(value, item.key, (child) => changed(child, rest, patch));
  // Where the path asks for an array and there is none, the server leaves an empty one.
  if (!Array.isArray(value)) return [];
  if ('each' in item) return value.map((element) => changed(element, rest, patch));
  if (item.index < value.length) value[item.index] = changed(value[item.index], rest, patch);
  return value;
}

/** Merges `patch` into what the path reaches, making objects on the way. Changes `payload`. */
export function setAtPath(payload: Payload, path: JsonPath, patch: Payload): void {
  changed(payload, path, patch);
}

/**
 * Removes what the path reaches. A final `[]` empties the array; a final `[n]` does nothing, since deleting by
 * position is not repeatable. Changes `payload`.
 */
export function deleteAtPath(value: Json | undefined, path: JsonPath): void {
  const [item, ...rest] = path as [PathItem?, ...PathItem[]];
  if (!item) return;
  if ('key' in item) {
    if (!isJsonObject(value)) return;
    if (rest.length === 0) delete value[item.key];
    else deleteAtPath(ownValue(value, item.key), rest);
  } else if (Array.isArray(value)) {
    if ('index' in item) deleteAtPath(value[item.index], rest);
    else if (rest.length === 0) value.length = 0;
    else for (const element of value) deleteAtPath(element, rest);
  }
}
