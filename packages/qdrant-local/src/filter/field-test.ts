import type { FieldIndex } from '../collection/field-index.ts';
import { flatValuesAt, valuesAt } from '../payload/json-path.ts';
import type { JsonPath } from '../payload/json-path.ts';
import type { Json, JsonObject, TextParams } from '../types.ts';
import { parseDatetime } from './datetime.ts';
import { substringMatcher, textMatcher } from './text.ts';
import { inBounds } from './types.ts';
import type { Bounds, Match, Range, Scalar } from './types.ts';

type ValuesTest = (values: Json[]) => boolean;

export const stringsIn = (values: readonly Json[]): string[] =>
  values.filter((value) => typeof value === 'string');

function inRange(value: Json, range: Range): boolean {
  if (!range.datetime) return typeof value === 'number' && inBounds(value, range);
  const micros = typeof value === 'string' ? parseDatetime(value) : undefined;
  return micros !== undefined && inBounds(micros, range);
}

function matchTest(match: Match, text: TextParams | undefined): ValuesTest {
  switch (match.kind) {
    case 'any':
      return (values) => values.some((value) => match.values.has(value as Scalar));
    case 'except':
      return (values) => values.some((value) => value !== null && !match.values.has(value as Scalar));
    case 'prefix':
      return (values) => stringsIn(values).some((value) => value.startsWith(match.prefix));
    case 'text': {
      const holds = text
        ? textMatcher(match.text, match.form, text)
        : substringMatcher(match.text, match.form);
      return (values) => holds(stringsIn(values));
    }
  }
}

/** Tests what a payload has at the path; arrays at the end are opened. `text` is of the text index, if any. */
export function payloadMatchTest(
  path: JsonPath,
  match: Match,
  text: TextParams | undefined,
): (payload: JsonObject) => boolean {
  const test = matchTest(match, text);
  return (payload) => test(flatValuesAt(payload, path));
}

export const payloadRangeTest =
  (path: JsonPath, range: Range) =>
  (payload: JsonObject): boolean =>
    flatValuesAt(payload, path).some((value) => inRange(value, range));

const countOf = (value: Json): number => (Array.isArray(value) ? value.length : value === null ? 0 : 1);

/** A path that reaches nothing has no values, which is a count as well. */
export function valuesCountTest(path: JsonPath, bounds: Bounds): (payload: JsonObject) => boolean {
  return (payload) => {
    const values = valuesAt(payload, path);
    return values.length === 0
      ? inBounds(0, bounds)
      : values.some((value) => inBounds(countOf(value), bounds));
  };
}

const isEmptyValue = (value: Json): boolean => value === null || (Array.isArray(value) && value.length === 0);

const isNullValue = (value: Json): boolean =>
  value === null || (Array.isArray(value) && value.includes(null));

export const isEmptyTest =
  (path: JsonPath) =>
  (payload: JsonObject): boolean =>
    valuesAt(payload, path).every(isEmptyValue);

export const isNullTest =
  (path: JsonPath) =>
  (payload: JsonObject): boolean =>
    valuesAt(payload, path).some(isNullValue);

/**
 * Whether one of the values that the path reaches is empty, or is not: with a `[]` in the path both may hold.
 * Where it reaches none, that is empty.
 */
export function valueEmptyTest(path: JsonPath, expected: boolean): (payload: JsonObject) => boolean {
  return (payload) => {
    const values = valuesAt(payload, path);
    return values.length === 0 ? expected : values.some((value) => isEmptyValue(value) === expected);
  };
}

/** As `valueEmptyTest`; what is not there is not null. */
export function valueNullTest(path: JsonPath, expected: boolean): (payload: JsonObject) => boolean {
  return (payload) => {
    const values = valuesAt(payload, path);
    return values.length === 0 ? !expected : values.some((value) => isNullValue(value) === expected);
  };
}

/** The wanted values as the index has them, or undefined when it cannot have one of them. */
export function indexedValues(
  index: FieldIndex | undefined,
  wanted: ReadonlySet<Scalar>,
): ReadonlySet<Scalar> | undefined {
  if (!index?.looksUp) return undefined;
  const values = new Set<Scalar>();
  for (const value of wanted) {
    const indexed = index.indexed(value);
    if (indexed === undefined) return undefined;
    values.add(indexed);
  }
  return values;
}

/**
 * A test that looks at the index alone, where the server does so too: values of other types than the index's
 * are then not seen. Undefined when only the payload can tell.
 */
export function indexMatchTest(
  index: FieldIndex | undefined,
  match: Match,
): ((slot: number) => boolean) | undefined {
  if (!index || (match.kind !== 'any' && match.kind !== 'except')) return undefined;
  // An empty list counts as one of strings, which an integer index knows nothing of.
  if (match.values.size === 0 && index.schema.type === 'integer') return undefined;
  const values = indexedValues(index, match.values);
  if (!values) return undefined;
  const { kind } = match;
  return (slot) => index.some(slot, (value) => values.has(value) === (kind === 'any'));
}

export function indexRangeTest(
  index: FieldIndex | undefined,
  range: Range,
): ((slot: number) => boolean) | undefined {
  if (!index?.ranges) return undefined;
  return (slot) => index.some(slot, (value) => inBounds(value as number, range));
}
