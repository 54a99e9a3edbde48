import { formatError } from '../errors.ts';
import type { Json, JsonObject } from '../types.ts';

/** One step into a payload: a key, an array index, or `[]` for every element. */
export type PathItem = { key: string } | { index: number } | { each: true };
export type JsonPath = PathItem[];

/** Longer paths would nest payloads deeper than can be written out again. */
const MAX_STEPS = 128;

const STEP = /(?<dot>\.?)(?:"(?<quoted>[^"\\]*)"|(?<plain>[\p{Alphabetic}\p{N}_-]+))|\[(?<index>\d*)\]/uy;

/** Parses `a.b[].c[0]."quoted key"`. Throws the server's 400 for anything else. */
export function parsePath(text: string): JsonPath {
  const path: JsonPath = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const step = STEP.exec(text)?.groups;
    const key = step?.['quoted'] ?? step?.['plain'];
    const dotted = step?.['dot'] === '.';
    const fits = key === undefined ? path.length > 0 : dotted === path.length > 0;
    if (!step || !fits) throw formatError(`Invalid json path: '${text}'`);
    if (key !== undefined) path.push({ key });
    else path.push(step['index'] === '' ? { each: true } : { index: Number(step['index']) });
  }
  if (path.length === 0 || path.length > MAX_STEPS) throw formatError(`Invalid json path: '${text}'`);
  return path;
}

/** How the server writes a path: keys that need quotes have them. Two spellings of one path become one. */
export function formatPath(path: JsonPath): string {
  return path
    .map((item, position) => {
      if ('each' in item) return '[]';
      if ('index' in item) return `[${item.index}]`;
      const key = /^[\p{Alphabetic}\p{N}_-]+$/u.test(item.key) ? item.key : `"${item.key}"`;
      return position === 0 ? key : `.${key}`;
    })
    .join('');
}

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value of an own key: a payload may well have a key named `constructor`. */
export const ownValue = (object: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

/** Sets an own key, `__proto__` included, which plain assignment would take for the prototype. */
export function setOwn(object: JsonObject, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  } else object[key] = value;
}

/**
 * Every value that the path reaches; arrays at the end are values themselves (not opened), and a key never
 * looks through an array without `[]`, as on the server.
 */
export function valuesAt(payload: JsonObject, path: JsonPath): Json[] {
  let values: Json[] = [payload];
  for (const item of path) {
    const next: Json[] = [];
    for (const value of values) {
      if ('key' in item) {
        const found = isJsonObject(value) ? ownValue(value, item.key) : undefined;
        if (found !== undefined) next.push(found);
      } else if (Array.isArray(value)) {
        if ('each' in item) next.push(...value);
        else if (item.index < value.length) next.push(value[item.index] as Json);
      }
    }
    values = next;
  }
  return values;
}

/** As `valuesAt`, with arrays at the end opened: what match and range conditions look at. */
export function flatValuesAt(payload: JsonObject, path: JsonPath): Json[] {
  const first = path[0];
  if (path.length === 1 && first && 'key' in first) {
    const value = ownValue(payload, first.key);
    if (value === undefined) return [];
    return Array.isArray(value) ? value : [value];
  }
  return valuesAt(payload, path).flat(1) as Json[];
}
