import type { FieldIndex } from '../collection/field-index.ts';
import type { PointTable } from '../collection/point-table.ts';
import { flatValuesAt, formatPath, isJsonObject, valuesAt } from '../payload/json-path.ts';
import type { JsonPath } from '../payload/json-path.ts';
import type { JsonObject } from '../types.ts';
import { filterCandidates } from './candidates.ts';
import {
  indexMatchTest,
  indexRangeTest,
  isEmptyTest,
  isNullTest,
  payloadMatchTest,
  payloadRangeTest,
  stringsIn,
  valueEmptyTest,
  valueNullTest,
  valuesCountTest,
} from './field-test.ts';
import type { Condition, Filter, Match } from './types.ts';

type TextMatch = Extract<Match, { kind: 'text' }>;

/** What a filter is evaluated over. `fields` is keyed by the path in the server's spelling. */
export interface FilterSource {
  points: PointTable;
  fields: ReadonlyMap<string, FieldIndex>;
  dense: ReadonlyMap<string, { get(slot: number): unknown }>;
  sparse: ReadonlyMap<string, { get(slot: number): unknown }>;
}

/** A source, and what was looked up in it for one filter. */
export interface FilterContext extends FilterSource {
  textMatches(index: FieldIndex, match: TextMatch): ReadonlySet<number>;
}

/** Tests a point, or within `nested` one object of its payload. */
type Test = (slot: number, element?: JsonObject) => boolean;

export interface CompiledFilter {
  test: (slot: number) => boolean;
  /** Slots outside of which nothing matches, when an index or a list of ids can tell. */
  candidates: ReadonlySet<number> | undefined;
}

/** Where the paths of conditions start: at the payload, or at the elements of a nested path. */
interface Scope {
  context: FilterContext;
  nested: JsonPath;
}

const onPayload =
  ({ points }: FilterSource, test: (payload: JsonObject) => boolean): Test =>
  (slot, element) =>
    test(element ?? points.payloadAt(slot));

/** The index of a path; inside of `nested` only its schema may be used, since it knows points, not elements. */
const indexAt = ({ context, nested }: Scope, path: JsonPath): FieldIndex | undefined =>
  context.fields.get(formatPath([...nested, ...path]));

function compileMatch(scope: Scope, path: JsonPath, match: Match): Test {
  const index = indexAt(scope, path);
  const { context } = scope;
  if (scope.nested.length === 0) {
    if (match.kind === 'text' && index?.text) {
      const slots = context.textMatches(index, match);
      return (slot) => slots.has(slot);
    }
    const test = indexMatchTest(index, match);
    if (test) return test;
  }
  return onPayload(context, payloadMatchTest(path, match, index?.schema.text));
}

function compileNested(scope: Scope, path: JsonPath, filter: Filter): Test {
  const last = path.at(-1);
  const elements: JsonPath = last && 'each' in last ? path : [...path, { each: true }];
  const test = compileTest(filter, { context: scope.context, nested: [...scope.nested, ...elements] });
  return (slot, element) =>
    valuesAt(element ?? scope.context.points.payloadAt(slot), elements).some(
      (value) => isJsonObject(value) && test(slot, value),
    );
}

function compileCondition(condition: Condition, scope: Scope): Test {
  const { context } = scope;
  switch (condition.kind) {
    case 'match':
      return compileMatch(scope, condition.path, condition.match);
    case 'range': {
      const index = scope.nested.length === 0 ? indexAt(scope, condition.path) : undefined;
      const { path, range } = condition;
      return indexRangeTest(index, range) ?? onPayload(context, payloadRangeTest(path, range));
    }
    case 'valuesCount':
      return onPayload(context, valuesCountTest(condition.path, condition.bounds));
    case 'isEmpty':
      return onPayload(context, isEmptyTest(condition.path));
    case 'isNull':
      return onPayload(context, isNullTest(condition.path));
    case 'valueEmpty':
      return onPayload(context, valueEmptyTest(condition.path, condition.expected));
    case 'valueNull':
      return onPayload(context, valueNullTest(condition.path, condition.expected));
    case 'hasId':
      return (slot) => condition.ids.has(context.points.idAt(slot));
    case 'hasVector': {
      const store = context.dense.get(condition.name) ?? context.sparse.get(condition.name);
      return (slot) => store?.get(slot) !== undefined;
    }
    case 'nested':
      return compileNested(scope, condition.path, condition.filter);
    case 'filter':
      return compileTest(condition.filter, scope);
  }
}

function compileTest(filter: Filter, scope: Scope): Test {
  const compileAll = (conditions: Condition[]): Test[] =>
    conditions.map((condition) => compileCondition(condition, scope));
  const must = compileAll(filter.must);
  const should = compileAll(filter.should);
  const mustNot = compileAll(filter.mustNot);
  const minShould = compileAll(filter.minShould?.conditions ?? []);
  const minCount = filter.minShould?.count;
  if (filter.emptyShould && scope.nested.length > 0) return () => false;
  return (slot, element) => {
    const passes = (test: Test): boolean => test(slot, element);
    if (!must.every(passes) || mustNot.some(passes)) return false;
    if (should.length > 0 && !should.some(passes)) return false;
    return minCount === undefined || minShould.filter(passes).length >= minCount;
  };
}

/** Each text match is looked up once, though the test and the candidates both ask for it. */
function contextOf(source: FilterSource): FilterContext {
  const known = new Map<TextMatch, ReadonlySet<number>>();
  const textMatches: FilterContext['textMatches'] = (index, match) => {
    const found = known.get(match);
    if (found) return found;
    const textsAt = (slot: number): string[] =>
      stringsIn(flatValuesAt(source.points.payloadAt(slot), index.path));
    const slots = index.text?.matches(match.text, match.form, textsAt) ?? new Set<number>();
    known.set(match, slots);
    return slots;
  };
  const { points, fields, dense, sparse } = source;
  return { points, fields, dense, sparse, textMatches };
}

/** All the filters must pass. With none, everything passes. */
export function compileFilters(filters: readonly Filter[], source: FilterSource): CompiledFilter | undefined {
  if (filters.length === 0) return undefined;
  const conditions = filters.map((filter): Condition => ({ kind: 'filter', filter }));
  const all: Filter = { must: conditions, should: [], mustNot: [] };
  const context = contextOf(source);
  return { test: compileTest(all, { context, nested: [] }), candidates: filterCandidates(all, context) };
}
