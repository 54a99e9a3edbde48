import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { freshDatabase } from '@afk/local/testing';
import { dropDemo, saveOpinions, saveTrends, trendTitles } from '../index.ts';
import { batch, headline, headlineId, store, trend, trendId } from '../testing/rows.ts';

describe('the store of opinions', async () => {
  const { pool: db, drop } = await freshDatabase();
  after(drop);
  beforeEach(() => db.query('truncate feeds, batches, trends cascade'));
  const said = (n: number, ...probabilities: number[]) => ({ id: headlineId(n), probabilities });

  test('a trend is told with what was said last of each of its titles', async () => {
    await store(db, [headline(1), headline(2), headline(3, { language: 'fr' })]);
    const id = await batch(db);
    await saveTrends(db, id, [trend(1, [1, 2, 3])], []);
    await saveOpinions(db, 'llm-old', [said(1, 1, 0), said(2, 1, 0)]);
    await saveOpinions(db, 'llm-new', [said(1, 0.25, 0.75)]);
    assert.deepEqual(await trendTitles(db, id), [
      {
        id: trendId(1),
        titles: [
          { text: 'Headline 1', language: 'en', model: 'llm-new', probabilities: [0.25, 0.75] },
          { text: 'Headline 2', language: 'en', model: 'llm-old', probabilities: [1, 0] },
          { text: 'Headline 3', language: 'fr', model: null, probabilities: null },
        ],
      },
    ]);
    const [newest] = await trendTitles(db, id, 1);
    assert.deepEqual(
      newest!.titles.map((t) => t.text),
      ['Headline 1'],
    );
    assert.deepEqual(await trendTitles(db, await batch(db)), []);
  });

  test('an opinion goes with its headline, and one of a headline that has gone is not kept', async () => {
    await store(db, [headline(1)], { source: 'demo', url: 'demo:abp' });
    await saveOpinions(db, 'm', [said(1, 1)]);
    await dropDemo(db);
    await saveOpinions(db, 'm', [said(1, 1), said(2, 1)]);
    const { rows } = await db.query('select from opinions');
    assert.equal(rows.length, 0);
  });
});
