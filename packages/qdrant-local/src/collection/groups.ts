import type { Condition, Filter, Scalar } from '../filter/types.ts';
import { flatValuesAt } from '../payload/json-path.ts';
import type { JsonPath } from '../payload/json-path.ts';
import type { GroupsRequest } from '../request/groups.ts';
import type { QueryRequest } from '../request/query.ts';
import type { Collection } from './collection.ts';
import { runQuery } from './search.ts';
import type { Hit } from './top-k.ts';

export type GroupId = string | number;

/** Hits best first. They name slots, which hold until the collection changes. */
export interface Group {
  id: GroupId;
  hits: Hit[];
}

/** How many hits to look at first for each that is wanted, and how many more each time they do not suffice. */
const FIRST_FACTOR = 4;

/** The groups that a point is in: its strings and integers at the path, each once. */
function groupsOf({ points }: Collection, slot: number, path: JsonPath): Set<GroupId> {
  const values = flatValuesAt(points.payloadAt(slot), path);
  const ids = values.filter((value) => typeof value === 'string' || Number.isInteger(value));
  return new Set(ids as GroupId[]);
}

/** Groups in the order of their best hit, each with no more hits than were asked for. */
function group(collection: Collection, hits: readonly Hit[], request: GroupsRequest): Group[] {
  const groups = new Map<GroupId, Hit[]>();
  for (const hit of hits) {
    for (const id of groupsOf(collection, hit.slot, request.path)) {
      const members = groups.get(id);
      if (!members) groups.set(id, [hit]);
      else if (members.length < request.size && members.every(({ slot }) => slot !== hit.slot)) {
        members.push(hit);
      }
    }
  }
  return Array.from(groups, ([id, members]) => ({ id, hits: members })).slice(0, request.groups);
}

const filtered = (query: QueryRequest, limit: number, conditions: Condition[]): QueryRequest => {
  const must: Condition[] = query.filter ? [{ kind: 'filter', filter: query.filter }] : [];
  const filter: Filter = { must: [...must, ...conditions], should: [], mustNot: [] };
  return { ...query, limit, filter };
};

/** The condition that a point has something to be grouped by. */
const grouped = ({ path }: GroupsRequest): Condition => ({ kind: 'valueEmpty', path, expected: false });

/** The groups named again, from all that belongs to them: their hits are of one moment then. */
async function filled(collection: Collection, request: GroupsRequest, groups: Group[]): Promise<Group[]> {
  const ids = new Set<Scalar>(groups.map(({ id }) => id));
  const member: Condition = { kind: 'match', path: request.path, match: { kind: 'any', values: ids } };
  const hits = await runQuery(collection, filtered(request.query, collection.points.size, [member]));
  // A point of these groups may be in others as well, which would take the places of these.
  return group(collection, hits, { ...request, groups: Infinity }).filter(({ id }) => ids.has(id));
}

/**
 * The best groups of a query's hits. Looks at the first hits only where they tell: far enough down to have
 * found the groups, and then at what belongs to those that are not full.
 */
export async function runGroups(collection: Collection, request: GroupsRequest): Promise<Group[]> {
  const { query } = request;
  // Another limit or filter would change what is prefetched, and with it the order of a fusion.
  const whole = query.prefetch.length > 0;
  let limit = whole ? collection.points.size : request.groups * request.size * FIRST_FACTOR;
  for (;;) {
    const hits = await runQuery(collection, filtered(query, limit, [grouped(request)]));
    const groups = group(collection, hits, request);
    if (whole || hits.length < limit) return groups;
    if (groups.length === request.groups) {
      const full = groups.every((one) => one.hits.length === request.size);
      return full ? groups : filled(collection, request, groups);
    }
    limit *= FIRST_FACTOR;
  }
}
