import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { replyOf, searching } from './testing/searching.ts';

describe('figures of the search', async () => {
  const { app, served, close } = await searching();
  after(close);

  /** How many searches were timed, by mode. */
  async function timed(): Promise<Record<string, number>> {
    const { body } = await app.inject('/metrics');
    const counts = body.matchAll(/^afk_search_seconds_count\{.*mode="(\w+)".*\} (\d+)$/gm);
    return Object.fromEntries([...counts].map(([, mode, count]) => [mode, Number(count)]));
  }

  test('say how it was asked; what failed or was refused took no time that a reader would call a search', async () => {
    const first = await app.inject('/api/v1/headlines?limit=1');
    const { id } = (first.json() as { items: { id: string }[] }).items[0]!;
    assert.equal((await app.inject('/api/v1/search?q=nobody-serves')).statusCode, 503);
    assert.equal((await app.inject('/api/v1/search')).statusCode, 400);
    assert.deepEqual(await timed(), {});
    await served(
      async () => replyOf(),
      async () => {
        for (const asked of [
          'search?q=river',
          'search?q=river&sort=recent',
          `search?like=${id}`,
          `search?like=${id}&sort=recent`,
          'search.rss?q=river',
          'search/suggest?q=ri',
        ]) {
          assert.equal((await app.inject(`/api/v1/${asked}`)).statusCode, 200, asked);
        }
      },
    );
    assert.deepEqual(await timed(), { relevance: 1, recent: 1, like: 2, feed: 1, suggest: 1 });
  });
});
