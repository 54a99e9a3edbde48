import type { JsonPath } from '../payload/json-path.ts';
import type { PointId } from '../types.ts';

export type Scalar = string | number | boolean;

/** How the words of a query must stand in a text: all of them, some of them, or all in this order. */
export type TextForm = 'all' | 'any' | 'phrase';

export type Match =
  | { kind: 'any'; values: ReadonlySet<Scalar> }
  | { kind: 'except'; values: ReadonlySet<Scalar> }
  | { kind: 'prefix'; prefix: string }
  | { kind: 'text'; text: string; form: TextForm };

/** Bounds as numbers; -Infinity and Infinity where there is none. */
export interface Bounds {
  gt: number;
  gte: number;
  lt: number;
  lte: number;
}

/** For a datetime range the bounds are microseconds since 1970 UTC. */
export interface Range extends Bounds {
  datetime: boolean;
}

export type Condition =
  | { kind: 'match'; path: JsonPath; match: Match }
  | { kind: 'range'; path: JsonPath; range: Range }
  | { kind: 'valuesCount'; path: JsonPath; bounds: Bounds }
  | { kind: 'isEmpty'; path: JsonPath }
  | { kind: 'isNull'; path: JsonPath }
  | { kind: 'valueEmpty'; path: JsonPath; expected: boolean }
  | { kind: 'valueNull'; path: JsonPath; expected: boolean }
  | { kind: 'hasId'; ids: ReadonlySet<PointId> }
  | { kind: 'hasVector'; name: string }
  | { kind: 'nested'; path: JsonPath; filter: Filter }
  | { kind: 'filter'; filter: Filter };

/** An empty list sets no condition, except that within `nested` an empty `should` that is given holds nowhere. */
export interface Filter {
  must: Condition[];
  should: Condition[];
  emptyShould?: boolean;
  mustNot: Condition[];
  minShould?: { conditions: Condition[]; count: number };
}

/** Joins filters clause by clause, as the server does those of a query and of what it prefetches. */
export function mergeFilters(a: Filter, b: Filter): Filter {
  const merged: Filter = {
    must: [...a.must, ...b.must],
    should: [...a.should, ...b.should],
    mustNot: [...a.mustNot, ...b.mustNot],
  };
  const minShould = [a.minShould, b.minShould].filter((one) => one !== undefined);
  if (minShould.length > 0) {
    merged.minShould = {
      conditions: minShould.flatMap(({ conditions }) => conditions),
      count: Math.max(...minShould.map(({ count }) => count)),
    };
  }
  return merged;
}

export const inBounds = (value: number, { gt, gte, lt, lte }: Bounds): boolean =>
  value > gt && value >= gte && value < lt && value <= lte;
