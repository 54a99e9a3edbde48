import type { Json, JsonObject, Payload } from '../types.ts';
import { isJsonObject, setOwn } from './json-path.ts';
import type { JsonPath, PathItem } from './json-path.ts';

/** Which part of a payload to return. */
export type PayloadSelector = boolean | { include: JsonPath[] } | { exclude: JsonPath[] };

const tails = (paths: JsonPath[], matches: (item: PathItem) => boolean): JsonPath[] =>
  paths.filter((path) => path[0] !== undefined && matches(path[0])).map((path) => path.slice(1));

const byKey = (paths: JsonPath[], key: string): JsonPath[] =>
  tails(paths, (item) => 'key' in item && item.key === key);

const byIndex = (paths: JsonPath[], index: number): JsonPath[] =>
  tails(paths, (item) => 'each' in item || ('index' in item && item.index === index));

/** Keeps a child when `pick` returns a value for it. */
function mapChildren(
  value: Json[] | JsonObject,
  paths: JsonPath[],
  pick: (child: Json, paths: JsonPath[]) => Json | undefined,
): Json {
  if (Array.isArray(value)) {
    return value.flatMap((child, index) => {
      const kept = pick(child, byIndex(paths, index));
      return kept === undefined ? [] : [kept];
    });
  }
  const object: JsonObject = {};
  for (const [key, child] of Object.entries(value)) {
    const kept = pick(child, byKey(paths, key));
    if (kept !== undefined) setOwn(object, key, kept);
  }
  return object;
}

function included(value: Json, paths: JsonPath[]): Json | undefined {
  if (paths.length === 0) return undefined;
  if (paths.some((path) => path.length === 0)) return value;
  return Array.isArray(value) || isJsonObject(value) ? mapChildren(value, paths, included) : undefined;
}

function withoutExcluded(value: Json, paths: JsonPath[]): Json | undefined {
  if (paths.length === 0) return value;
  if (paths.some((path) => path.length === 0)) return undefined;
  return Array.isArray(value) || isJsonObject(value) ? mapChildren(value, paths, withoutExcluded) : value;
}

/** The selected part of a payload, or undefined when none was asked for. Does not change `payload`. */
export function selectPayload(payload: Payload, selector: PayloadSelector): Payload | undefined {
  if (selector === true) return payload;
  if (selector === false) return undefined;
  if ('include' in selector) return (included(payload, selector.include) ?? {}) as Payload;
  return withoutExcluded(payload, selector.exclude) as Payload;
}
