import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { freshDatabase } from '@afk/local/testing';
import { saveTrendEvents, saveTrends, trendHistory, type TrendEvent } from '../index.ts';
import { batch, headline, hours, store, trend, trendId } from '../testing/rows.ts';

describe('the history of a trend', async () => {
  const { pool: db, drop } = await freshDatabase();
  after(drop);
  beforeEach(async () => {
    await db.query('truncate feeds, batches, trends cascade');
    await store(db, [headline(1), headline(2, { language: 'fr' }), headline(3)]);
    await saveTrends(db, await batch(db, hours(-9)), [trend(1, [1]), trend(2, [2]), trend(3, [3])], []);
  });

  type Told = Pick<TrendEvent, 'kind'> & { of?: number; other?: number; headlines?: number };
  /** A run at this hour that tells these events, of trend 1 where they do not say; trend 1 is current after it. */
  async function run(at: number, ...told: Told[]): Promise<string> {
    const id = await batch(db, hours(at));
    await saveTrends(db, id, [trend(1, [1])], []);
    const events = told.map(({ kind, of = 1, other, headlines = 3 }) => ({
      trend: trendId(of),
      kind,
      other: other === undefined ? null : trendId(other),
      headlines,
    }));
    await saveTrendEvents(db, { id, asOf: hours(at) }, events);
    return id;
  }
  const historyOf = async (n: number, limit = 50, offset = 0) =>
    (await trendHistory(db, trendId(n), { limit, offset }))!;
  const kinds = async (n = 1): Promise<string[]> => (await historyOf(n)).items.map((e) => e.kind);

  test('newest first, each with its run, its size, and the trend that it met', async () => {
    const born = await run(-3, { kind: 'born' });
    const met = await run(-1, { kind: 'absorbed', other: 2, headlines: 7 });
    const other = { id: trendId(2), label: 'Trend 2', language: 'fr', merged_into: null };
    assert.deepEqual(await historyOf(1), {
      trend_id: trendId(1),
      total: 2,
      items: [
        { at: hours(-1).toISOString(), kind: 'absorbed', batch_id: met, headlines: 7, other },
        { at: hours(-3).toISOString(), kind: 'born', batch_id: born, headlines: 3, other: null },
      ],
    });
  });

  test('within a run a life goes from its beginning to its end', async () => {
    const all: TrendEvent['kind'][] = ['slept', 'grown', 'merged', 'born', 'split', 'absorbed', 'split_from'];
    await run(-1, ...all.map((kind) => ({ kind })));
    assert.deepEqual((await kinds()).toReversed(), [
      'born',
      'split_from',
      'absorbed',
      'grown',
      'split',
      'slept',
      'merged',
    ]);
  });

  test('two runs of one clock are told in the order in which they began', async () => {
    await run(-2, { kind: 'slept' });
    await run(-1, { kind: 'grown' });
    await run(-1, { kind: 'born' });
    assert.deepEqual(await kinds(), ['born', 'grown', 'slept']);
  });

  test('pages: the total is of all, and no event is on two of them', async () => {
    await run(-2, { kind: 'absorbed', other: 3 }, { kind: 'absorbed', other: 2 }, { kind: 'born' });
    await run(-1, { kind: 'slept' });
    const [whole, first, second] = [await historyOf(1), await historyOf(1, 2), await historyOf(1, 2, 2)];
    assert.deepEqual([first.total, second.total, whole.items.length], [4, 4, 4]);
    assert.deepEqual([...first.items, ...second.items], whole.items);
    assert.deepEqual(await historyOf(1, 2, 10_000), { trend_id: trendId(1), total: 4, items: [] });
  });

  test('a trend that went into another keeps what it lived through, and the other knows it by its name', async () => {
    await run(-3, { kind: 'born', of: 2 });
    const id = await run(-1, { kind: 'merged', of: 2, other: 1 }, { kind: 'absorbed', other: 2 });
    await saveTrends(db, id, [trend(1, [1, 2])], [{ from: trendId(2), into: trendId(1) }]);
    assert.deepEqual(await kinds(2), ['merged', 'born']);
    const { other } = (await historyOf(1)).items[0]!;
    assert.deepEqual([other?.label, other?.merged_into], ['Trend 2', trendId(1)]);
  });

  test('after a replay of the past, what lies after its clock is not told, and comes back with the present', async () => {
    await run(-5, { kind: 'born' });
    await run(0, { kind: 'slept' });
    await run(-3, { kind: 'grown' });
    assert.deepEqual([await kinds(), (await historyOf(1)).total], [['grown', 'born'], 2]);
    await run(0);
    assert.deepEqual(await kinds(), ['slept', 'grown', 'born']);
  });

  test('a run that has begun and built nothing yet does not move the clock', async () => {
    await run(-1, { kind: 'born' });
    await batch(db, hours(-5));
    assert.deepEqual(await kinds(), ['born']);
  });

  test('the headline that a label was taken from may have been deleted: then the language of the trend', async () => {
    await run(-1, { kind: 'split', other: 2 });
    await db.query('delete from headlines where language = $1', ['fr']);
    const { other } = (await historyOf(1)).items[0]!;
    assert.deepEqual([other?.label, other?.language], ['Trend 2', 'en']);
    await db.query('update trends set languages = $1', [[]]);
    assert.equal((await historyOf(1)).items[0]!.other?.language, null);
  });

  test('one of an older release has no events; an unknown one has no history', async () => {
    assert.deepEqual(await historyOf(3), { trend_id: trendId(3), total: 0, items: [] });
    assert.equal(await trendHistory(db, trendId(99), { limit: 1, offset: 0 }), undefined);
  });
});
