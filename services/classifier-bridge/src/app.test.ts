import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { activeVersion, saveCategories } from '@afk/database';
import { bench } from './testing/bench.ts';
import { built, categories, extracted, hoursAgo, id, store, verdicts } from './testing/run.ts';

describe('the classifier bridge', async () => {
  const b = await bench();
  const model = await activeVersion(b.db);
  after(() => b.close());
  beforeEach(() => b.db.query('truncate feeds, batches, trends cascade'));

  test('every headline gets a category, or none where the model is unsure', async () => {
    await store(b, ['Goal in the cup match', 'Storm and rain', 'A poem about nothing']);
    const answer = await extracted(b);
    assert.deepEqual(
      [answer.event, answer['count'], answer['model'], answer['status']],
      ['headlines_classified', 3, model, 'ok'],
    );
    assert.deepEqual(await categories(b), ['sport', 'weather', null]);
    const { rows } = await b.db.query('select category_probability as p from headlines order by key');
    assert.ok(rows[0].p > 0.8 && rows[2].p < 0.8 && rows[2].p > 0);
  });

  test('page by page: more than a page is classified to the last one', async () => {
    await store(
      b,
      Array.from({ length: 4321 }, (_, n) => (n % 2 ? `Rain ${n}` : `Cup ${n}`)),
    );
    assert.equal((await extracted(b))['count'], 4321);
    const { rows } = await b.db.query(
      'select category, count(*)::int as n from headlines group by category order by category',
    );
    assert.deepEqual(rows, [
      { category: 'sport', n: 2161 },
      { category: 'weather', n: 2160 },
    ]);
  });

  test('delivered again, there is nothing left to do, and the run goes on', async () => {
    await store(b, ['Goal in the cup match', 'A poem about nothing']);
    await extracted(b);
    await b.db.query(`update headlines set indexed_a = 'x', indexed_b = 'x'`);
    const again = await extracted(b);
    assert.deepEqual([again.event, again['count']], ['headlines_classified', 0]);
    const { rows } = await b.db.query(
      'select count(*)::int as n from headlines where indexed_a is null or indexed_b is null',
    );
    assert.equal(rows[0].n, 0, 'nothing has to be indexed anew');
  });

  test('a new model classifies the recent ones again, and leaves the past alone', async () => {
    const old = [0, 1, 2].map((n) => ({ id: id(n), category: 'politics', probability: 1 }));
    await store(b, ['Rain', 'Frost', 'Storm']);
    await saveCategories(b.db, 'linear-of-old', old);
    await b.db.query('update headlines set published_at = $1 where key = $2', [hoursAgo(7 * 24 + 1), 'k1']);
    assert.equal((await extracted(b))['count'], 2);
    assert.deepEqual(await verdicts(b), [
      ['weather', model],
      ['politics', 'linear-of-old'],
      ['weather', model],
    ]);
  });

  test('a trend gets the category that its headlines vote for, or none where they do not agree', async () => {
    await store(b, [
      'Cup match',
      'Goal',
      'Striker: rain',
      'Storm',
      'Frost',
      'Sunny',
      'Cup final',
      'Rain at last',
    ]);
    const trends = [
      [0, 1, 2],
      [3, 4, 5],
      [6, 7],
    ];
    const answer = await built(b, ...trends);
    assert.deepEqual([answer.event, answer['count'], answer['model']], ['trends_classified', 3, model]);
    assert.deepEqual(await categories(b, 'trends'), ['sport', 'weather', null]);
    assert.equal((await built(b, ...trends))['count'], 3);
    assert.deepEqual(await categories(b, 'trends'), ['sport', 'weather', null]);
  });

  test('a run without headlines or trends is classified, too: the line goes on', async () => {
    assert.equal((await extracted(b))['count'], 0);
    const answer = await built(b);
    assert.deepEqual([answer.event, answer['count']], ['trends_classified', 0]);
  });

  test('/health tells which model and which provider speak', async () => {
    assert.deepEqual(await b.checks(), {
      model: { ok: true, detail: model },
      provider: { ok: true, detail: 'linear' },
    });
  });
});
