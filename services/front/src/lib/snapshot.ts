import type { http } from '@afk/contracts';
import { ApiError, apiClient, type ApiClient } from './api.ts';
import { buildApiUrl } from './env.ts';
import { readStory, type ToldStory } from './told-story.ts';

/** All that a build shows, read once: every prerendered page draws from this one picture. */
export type Snapshot = {
  list: http.TrendList;
  /** In the order of the list. */
  details: http.TrendDetail[];
  /** How each of them went, by its id. */
  histories: Map<string, http.TrendHistory>;
  latest: http.Headline[];
};

/** The API's limit of one page of trends; older trends are rendered on demand. */
const prerendered = 200;
const concurrency = 8;

let memory: Promise<Snapshot> | undefined;

/** The snapshot of this build, fetched by whichever page asks first. */
export function snapshot(): Promise<Snapshot> {
  memory ??= readSnapshot(apiClient(buildApiUrl(), 30_000));
  return memory;
}

export async function readSnapshot(api: ApiClient): Promise<Snapshot> {
  const [list, headlines] = await Promise.all([
    api.trends({ limit: prerendered }),
    api.headlines({ limit: 100 }),
  ]);
  const found = await mapLimited(list.items, concurrency, (trend) => existing(api, trend.id));
  const stories = found.filter((f) => f !== undefined);
  return {
    list,
    details: stories.map((s) => s.story),
    histories: new Map(stories.map((s) => [s.story.id, s.history])),
    latest: headlines.items,
  };
}

/**
 * A trend may be merged away between the list and its detail: then this build does without it. (The API
 * answers with the trend that took it in, which has its own place, or with 404.)
 */
async function existing(api: ApiClient, id: string): Promise<ToldStory | undefined> {
  try {
    const told = await readStory(api, id);
    return told.story.id === id ? told : undefined;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** Maps with at most `limit` promises at a time; results in the order of `items`. */
export async function mapLimited<T, R>(
  items: readonly T[],
  limit: number,
  fn: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = Array.from({ length: items.length });
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await fn(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
