import { formatError } from '../errors.ts';
import type { Filter } from '../filter/types.ts';
import type { PointId } from '../types.ts';
import { readFilter } from './filter.ts';
import { readPointIds } from './point-id.ts';
import { optional, refuse } from './read.ts';
import type { Fields } from './read.ts';

/** Which points an operation is about. */
export type PointsSelector = { ids: PointId[] } | { filter: Filter };

/** Reads `points` or `filter`; with both the ids win, as on the server. */
export function readSelector(fields: Fields): PointsSelector {
  refuse(fields, { shard_key: 'a shard key' });
  const ids = optional(fields['points'], 'points', readPointIds);
  if (ids) return { ids };
  const filter = optional(fields['filter'], 'filter', readFilter);
  if (!filter) throw formatError('Either list of point ids or filter must be provided');
  return { filter };
}
