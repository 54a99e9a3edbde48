import type { ReplyOf, RequestOf } from '@afk/contracts';
import type { Searcher } from '../search/searcher.ts';

/** Answers a search with headline ids, best first, and why each was found. */
export function search(searcher: Searcher) {
  return (
    request: RequestOf<'splade_search'>,
    { signal }: { signal: AbortSignal },
  ): Promise<ReplyOf<'splade_search'>> => searcher.search(request, signal);
}
