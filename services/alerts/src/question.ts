import type { SavedSearchRow } from '@afk/database';
import { givenOf } from '@afk/saved-searches';
import { matcherOf, parseQuery, type Matcher } from '@afk/search';

/** A saved search, ready to be put to headlines. */
export type Question = { searchId: string; matches: Matcher };

/**
 * @param asOf the run's clock: what `after:3d` counts back from
 * @throws QuerySyntaxError where the query has become none
 */
export function questionOf(search: SavedSearchRow, asOf: Date): Question {
  return { searchId: search.id, matches: matcherOf(parseQuery(search.query, asOf), givenOf(search)) };
}
