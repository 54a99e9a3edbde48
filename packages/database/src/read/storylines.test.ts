import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { freshDatabase } from '@afk/local/testing';
import { saveTrends, storylinesOf } from '../index.ts';
import { batch, headline, headlineId, store, trend, trendId } from '../testing/rows.ts';

describe('the story of a headline', async () => {
  const { pool: db, drop } = await freshDatabase();
  after(drop);
  beforeEach(() => db.query('truncate feeds, batches, trends cascade'));

  test('is its trend, with the publishers that tell it; else its story in the window; else none', async () => {
    await store(
      db,
      [1, 2, 3, 4].map((n) => headline(n)),
    );
    await saveTrends(db, await batch(db), [trend(1, [1, 2], { publishers: 7 })], []);
    const story = trendId(9);
    for (const n of [2, 3]) {
      await db.query(
        `insert into story_headlines (headline_id, item, story_id, vector) values ($1, $1, $2, '')`,
        [headlineId(n), story],
      );
    }
    const found = await storylinesOf(db, [1, 2, 3, 4, 5].map(headlineId));
    assert.deepEqual([...found].toSorted(), [
      [headlineId(1), { story: trendId(1), publishers: 7 }],
      [headlineId(2), { story: trendId(1), publishers: 7 }],
      [headlineId(3), { story, publishers: 1 }],
    ]);
    assert.equal((await storylinesOf(db, [])).size, 0);
  });
});
