import { questions, rankedOf, type Filter, type Nears, type Ranked } from '@afk/search';
import type { HeadlineCollection } from '../index/collection.ts';

/** Newest first: what fits where there is nothing to be near to. */
const NEWEST = { query: { order_by: { key: 'published_at', direction: 'desc' } } };

/** Hits of a query that says no word. */
const LISTED = 200;

/**
 * The hits of one search, best first; without anything to be near to, all that pass the filter, newest first.
 *
 * @param payload fields to have of each
 */
export async function ask(
  points: HeadlineCollection,
  nears: Nears,
  filter: Filter | undefined,
  payload: readonly string[],
): Promise<Ranked[]> {
  const searches = questions(nears, filter, payload);
  if (searches.length > 0) return rankedOf(nears, await points.ask(searches));
  const shown = { with_payload: payload.length > 0 ? [...payload] : false };
  const [newest = []] = await points.ask([
    { ...NEWEST, ...(filter ? { filter } : {}), ...shown, limit: LISTED },
  ]);
  return newest.map(({ id, payload: fields }, i) => ({
    id: String(id),
    score: 1 / (i + 1),
    sparseRank: null,
    denseRank: null,
    payload: fields ?? {},
  }));
}
