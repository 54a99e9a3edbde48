import type { http } from '@afk/contracts';
import { ApiError, type ApiClient } from './api.ts';

/** All that the page of a trend shows. */
export type ToldStory = { story: http.TrendDetail; history: http.TrendHistory };

/** Events that a page tells at most, the newest. */
const told = 100;

/**
 * A trend with how it went; that of the one that it went into, where it did (`story.id` is another one then).
 *
 * @throws ApiError, 404 where there is no such trend
 */
export async function readStory(api: ApiClient, id: string): Promise<ToldStory> {
  const story = await api.trend(id);
  return { story, history: await readHistory(api, story.id) };
}

/** A trend may be forgotten between its detail and its history: then there is nothing more to tell of it. */
async function readHistory(api: ApiClient, id: string): Promise<http.TrendHistory> {
  try {
    return await api.trendHistory(id, { limit: told });
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { trend_id: id, total: 0, items: [] };
    throw error;
  }
}
