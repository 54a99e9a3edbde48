import type { ReplyOf, RequestOf } from '@afk/contracts';
import { breadthOf, type Pool } from '@afk/database';
import { byProminence } from '../domain/prominence.ts';
import type { IndexStore } from '../store/index-store.ts';

type Deps = { db: Pool; index: IndexStore; encoder: string };

/** Hits that are weighed for each that is wanted. */
const CANDIDATES = 4;

/** Answers a search with headline ids, best first. */
export function search({ db, index, encoder }: Deps) {
  return async ({
    query,
    limit,
    ...filter
  }: RequestOf<'splade_search'>): Promise<ReplyOf<'splade_search'>> => {
    const started = performance.now();
    const found = await index.search(query, limit * CANDIDATES, filter);
    const breadth = await breadthOf(
      db,
      found.map((h) => h.id),
    );
    const hits = byProminence(found, breadth).slice(0, limit);
    return { hits, encoder, took_ms: Math.round((performance.now() - started) * 10) / 10 };
  };
}
