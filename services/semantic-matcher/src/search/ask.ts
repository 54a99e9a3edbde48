import { MAX_HITS } from '@afk/contracts';
import { questions, rankedOf, type Filter, type Nears, type QueryBody, type Ranked } from '@afk/search';
import type { QueryClient } from '../store/query.ts';

/** Newest first: what fits where there is nothing to be near to. */
const NEWEST = { query: { order_by: { key: 'published_at', direction: 'desc' } } };

/**
 * The hits of one search, best first; without anything to be near to, all that pass the filter, newest first.
 *
 * @param batch asks the index; @param payload fields to have of each
 */
export async function ask(
  batch: (searches: readonly QueryBody[]) => ReturnType<QueryClient['batch']>,
  nears: Nears,
  filter: Filter | undefined,
  payload: readonly string[],
): Promise<Ranked[]> {
  const searches = questions(nears, filter, payload);
  if (searches.length > 0) return rankedOf(nears, await batch(searches));
  const shown = { with_payload: payload.length > 0 ? [...payload] : false };
  const [newest = []] = await batch([
    { ...NEWEST, ...(filter ? { filter } : {}), ...shown, limit: MAX_HITS },
  ]);
  return newest.map(({ id, payload: fields }, i) => ({
    id: String(id),
    score: 1 / (i + 1),
    sparseRank: null,
    denseRank: null,
    payload: fields ?? {},
  }));
}
