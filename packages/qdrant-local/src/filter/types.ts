import type { JsonPath } from '../payload/json-path.ts';
import type { PointId } from '../types.ts';

export type Scalar = string | number | boolean;

export type Match =
  | { kind: 'any'; values: ReadonlySet<Scalar> }
  | { kind: 'except'; values: ReadonlySet<Scalar> }
  | { kind: 'text'; text: string };

/** Bounds as numbers; for a datetime range, microseconds since 1970 UTC. */
export interface Range {
  datetime: boolean;
  gt: number;
  gte: number;
  lt: number;
  lte: number;
}

export type Condition =
  | { kind: 'match'; path: JsonPath; match: Match }
  | { kind: 'range'; path: JsonPath; range: Range }
  | { kind: 'isEmpty'; path: JsonPath; expected: boolean }
  | { kind: 'isNull'; path: JsonPath; expected: boolean }
  | { kind: 'hasId'; ids: ReadonlySet<PointId> }
  | { kind: 'filter'; filter: Filter };

/** An empty list sets no condition. */
export interface Filter {
  must: Condition[];
  should: Condition[];
  mustNot: Condition[];
  minShould?: { conditions: Condition[]; count: number };
}
