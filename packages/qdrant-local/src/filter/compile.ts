import type { FieldIndex } from '../collection/field-index.ts';
import type { PointTable } from '../collection/point-table.ts';
import { flatValuesAt, formatPath, valuesAt } from '../payload/json-path.ts';
import type { JsonPath } from '../payload/json-path.ts';
import { canonicalUuid } from '../request/point-id.ts';
import type { Json } from '../types.ts';
import { parseDatetime } from './datetime.ts';
import { textMatcher } from './text.ts';
import type { Condition, Filter, Match, Range, Scalar } from './types.ts';

/** What a filter is evaluated over. `fields` is keyed by the path in the server's spelling. */
export interface FilterContext {
  points: PointTable;
  fields: ReadonlyMap<string, FieldIndex>;
}

type Test = (slot: number) => boolean;

export interface CompiledFilter {
  test: Test;
  /** Slots outside of which nothing matches, when an index or a list of ids can tell. */
  candidates: ReadonlySet<number> | undefined;
}

function inRange(value: Json, range: Range): boolean {
  const number = range.datetime
    ? typeof value === 'string' && parseDatetime(value)
    : typeof value === 'number' && value;
  if (typeof number !== 'number') return false;
  return number > range.gt && number >= range.gte && number < range.lt && number <= range.lte;
}

const anyInRange =
  (range: Range) =>
  (values: Json[]): boolean =>
    values.some((value) => inRange(value, range));

const isEmptyValue = (value: Json): boolean => value === null || (Array.isArray(value) && value.length === 0);

const isNullValue = (value: Json): boolean =>
  value === null || (Array.isArray(value) && value.includes(null));

function matchValues(match: Match, index: FieldIndex | undefined): (values: Json[]) => boolean {
  switch (match.kind) {
    case 'any':
      return index?.schema.type === 'uuid' ? matchUuids(match.values) : matchAny(match.values);
    case 'except':
      return (values) => values.some((value) => value !== null && !match.values.has(value as Scalar));
    case 'text':
      return matchText(match.text, index);
  }
}

const matchAny =
  (wanted: ReadonlySet<Scalar>) =>
  (values: Json[]): boolean =>
    values.some((value) => wanted.has(value as Scalar));

/** Under a uuid index, spellings of one UUID are equal. */
function matchUuids(wanted: ReadonlySet<Scalar>): (values: Json[]) => boolean {
  const canonical = (value: unknown): unknown =>
    (typeof value === 'string' ? canonicalUuid(value) : undefined) ?? value;
  const uuids = new Set([...wanted].map(canonical));
  return (values) => values.some((value) => uuids.has(canonical(value)));
}

function matchText(text: string, index: FieldIndex | undefined): (values: Json[]) => boolean {
  const strings = (values: Json[]): string[] => values.filter((value) => typeof value === 'string');
  if (!index?.schema.text) return (values) => strings(values).some((value) => value.includes(text));
  const matches = textMatcher(text, index.schema.text);
  return (values) => matches(strings(values));
}

/** Tests the values at a path; arrays at the end are opened. */
const onValues =
  ({ points }: FilterContext, path: JsonPath, test: (values: Json[]) => boolean): Test =>
  (slot) =>
    test(flatValuesAt(points.payloadAt(slot), path));

function compileCondition(condition: Condition, context: FilterContext): Test {
  const { points } = context;
  switch (condition.kind) {
    case 'match': {
      const index = context.fields.get(formatPath(condition.path));
      return onValues(context, condition.path, matchValues(condition.match, index));
    }
    case 'range':
      return onValues(context, condition.path, anyInRange(condition.range));
    case 'isEmpty':
      return (slot) =>
        valuesAt(points.payloadAt(slot), condition.path).every(isEmptyValue) === condition.expected;
    case 'isNull':
      return (slot) =>
        valuesAt(points.payloadAt(slot), condition.path).some(isNullValue) === condition.expected;
    case 'hasId':
      return (slot) => condition.ids.has(points.idAt(slot));
    case 'filter':
      return compileTest(condition.filter, context);
  }
}

function compileTest(filter: Filter, context: FilterContext): Test {
  const compileAll = (conditions: Condition[]): Test[] =>
    conditions.map((condition) => compileCondition(condition, context));
  const must = compileAll(filter.must);
  const should = compileAll(filter.should);
  const mustNot = compileAll(filter.mustNot);
  const minShould = compileAll(filter.minShould?.conditions ?? []);
  const minCount = filter.minShould?.count ?? 0;
  return (slot) => {
    const passes = (test: Test): boolean => test(slot);
    if (!must.every(passes) || mustNot.some(passes)) return false;
    if (should.length > 0 && !should.some(passes)) return false;
    return minShould.length === 0 || minShould.filter(passes).length >= minCount;
  };
}

/** The sets whose union holds every match of the condition, or undefined. */
function conditionCandidates(
  condition: Condition,
  context: FilterContext,
): ReadonlySet<number>[] | undefined {
  if (condition.kind === 'hasId') {
    const slots = [...condition.ids].map((id) => context.points.slotOf(id));
    return [new Set(slots.filter((slot) => slot !== undefined))];
  }
  if (condition.kind === 'match' && condition.match.kind === 'any') {
    return context.fields.get(formatPath(condition.path))?.candidates(condition.match.values);
  }
  if (condition.kind === 'filter') {
    const inner = filterCandidates(condition.filter, context);
    return inner && [inner];
  }
  return undefined;
}

const sizeOf = (sets: ReadonlySet<number>[]): number => sets.reduce((sum, set) => sum + set.size, 0);

const union = (sets: ReadonlySet<number>[]): ReadonlySet<number> => {
  const [first, ...others] = sets;
  if (first && others.length === 0) return first;
  const all = new Set<number>();
  for (const set of sets) for (const slot of set) all.add(slot);
  return all;
};

function filterCandidates(filter: Filter, context: FilterContext): ReadonlySet<number> | undefined {
  const choices: ReadonlySet<number>[][] = [];
  for (const condition of filter.must) {
    const sets = conditionCandidates(condition, context);
    if (sets) choices.push(sets);
  }
  const should = filter.should.map((condition) => conditionCandidates(condition, context));
  if (should.length > 0 && should.every((sets) => sets !== undefined)) choices.push(should.flat());
  choices.sort((a, b) => sizeOf(a) - sizeOf(b));
  return choices[0] && union(choices[0]);
}

/** All the filters must pass. With none, everything passes. */
export function compileFilters(
  filters: readonly Filter[],
  context: FilterContext,
): CompiledFilter | undefined {
  if (filters.length === 0) return undefined;
  const conditions = filters.map((filter): Condition => ({ kind: 'filter', filter }));
  const all: Filter = { must: conditions, should: [], mustNot: [] };
  return { test: compileTest(all, context), candidates: filterCandidates(all, context) };
}
