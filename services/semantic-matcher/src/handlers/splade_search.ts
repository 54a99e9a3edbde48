import type { ReplyOf, RequestOf } from '@afk/contracts';
import type { IndexStore } from '../store/index-store.ts';

/** Answers a search with headline ids, best first. */
export function search({ index, encoder }: { index: IndexStore; encoder: string }) {
  return async ({
    query,
    limit,
    ...filter
  }: RequestOf<'splade_search'>): Promise<ReplyOf<'splade_search'>> => {
    const started = performance.now();
    const hits = await index.search(query, limit, filter);
    return { hits, encoder, took_ms: Math.round((performance.now() - started) * 10) / 10 };
  };
}
