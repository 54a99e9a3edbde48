import { renderDemoFeed } from '@afk/demo-feeds';
import type { FeedRow } from '@afk/database';
import type { Fetched, Fetcher } from './http.ts';

/** Fetches a feed; a `demo:` one is rendered here, and then read like any other. */
export async function fetchFeed(
  feed: FeedRow,
  fetcher: Fetcher,
  { now, signal }: { now: Date; signal: AbortSignal },
): Promise<Fetched> {
  if (!feed.url.startsWith('demo:')) return fetcher.get(feed.url, feed, signal);
  const { body } = renderDemoFeed(feed.url.slice('demo:'.length), { anchor: feed.createdAt, now });
  return {
    state: 'ok',
    text: body,
    url: `https://${feed.url.slice('demo:'.length)}.example/`,
    etag: null,
    lastModified: null,
  };
}
