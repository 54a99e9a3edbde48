import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { freshDatabase } from '@afk/local/testing';
import {
  lockTrends,
  overtaken,
  previousTrends,
  saveTrendCategories,
  saveTrends,
  transaction,
} from '../index.ts';
import { batch, headline, hours, store, trend, trendId } from '../testing/rows.ts';

describe('the store of trends', async () => {
  const { pool: db, drop } = await freshDatabase();
  after(drop);
  beforeEach(async () => {
    await db.query('truncate feeds, batches, trends cascade');
    await store(
      db,
      [1, 2, 3, 4, 5, 6, 30, 31].map((n) => headline(n, { language: n === 2 ? 'fr' : 'en' })),
    );
  });

  type Point = [trend: number, at: string, count: number];
  const points = async (): Promise<Point[]> => {
    const { rows } = await db.query<{ trend_id: string; at: Date; count: number }>(
      'select * from trend_points order by trend_id, at',
    );
    return rows.map((r) => [Number(r.trend_id.slice(-12)), r.at.toISOString().slice(8, 13), r.count]);
  };
  const all = async (): Promise<unknown[]> => [
    (await db.query('select * from trends order by id')).rows,
    (await db.query('select * from trend_headlines order by 1')).rows,
    await points(),
  ];
  const membersOf = async (): Promise<Record<string, number[]>> =>
    Object.fromEntries(
      (
        await db.query<{ id: string; members: string[] }>(
          `select trend_id as id, array_agg(headline_id::text order by headline_id) as members
             from trend_headlines group by trend_id order by trend_id`,
        )
      ).rows.map((t) => [Number(t.id.slice(-12)), t.members.map((m) => Number(m.slice(-12)))]),
    );

  test('what is saved comes back; the same batch again gives the same rows', async () => {
    const first = await batch(db);
    const bars = [
      { at: hours(-10), minutes: 180, count: 2 },
      { at: hours(-7), minutes: 180, count: 0 },
    ];
    const save = () =>
      transaction(db, (tx) => saveTrends(tx, first, [trend(1, [1, 2], { points: bars }), trend(2, [3])], []));
    await save();
    const once = await all();
    const [row] = (await db.query('select * from trends order by id')).rows as Record<string, unknown>[];
    assert.deepEqual(row!['keywords'], ['water', 'l’eau "vive"']);
    assert.deepEqual(
      [row!['sparkline'], row!['languages']],
      [
        [0, 1, 2],
        ['en', 'fr'],
      ],
    );
    assert.deepEqual([row!['velocity'], row!['first_seen']], [-0.25, hours(-20)]);
    assert.deepEqual([row!['acceleration'], row!['z']], [0.125, 1.5]);
    assert.deepEqual([row!['burst_weight'], row!['burst_since']], [4.5, hours(-3)]);
    assert.deepEqual([row!['born_batch'], row!['updated_batch']], [first, first]);
    assert.deepEqual(await points(), [[1, '31T00', 2]]);
    await save();
    assert.deepEqual(await all(), once);
  });

  test('a later batch changes what it continues and leaves the rest; the birth stays', async () => {
    const [first, second] = [await batch(db), await batch(db)];
    await saveTrends(db, first, [trend(1, [1, 2]), trend(2, [3])], []);
    await saveTrends(db, second, [trend(1, [1, 2, 4], { label: 'New label', score: 9 })], []);
    const { rows } = await db.query('select label, score, born_batch, updated_batch from trends order by id');
    assert.deepEqual(rows, [
      { label: 'New label', score: 9, born_batch: first, updated_batch: second },
      { label: 'Trend 2', score: 1.5, born_batch: first, updated_batch: first },
    ]);
    assert.deepEqual(await membersOf(), { 1: [1, 2, 4], 2: [3] });
  });

  test('a headline belongs to one trend: the last that took it', async () => {
    await saveTrends(db, await batch(db), [trend(1, [1, 2, 3])], []);
    await saveTrends(db, await batch(db), [trend(2, [3, 4])], []);
    assert.deepEqual(await membersOf(), { 1: [1, 2], 2: [3, 4] });
  });

  test('previous trends: those that are awake and those that are asked for, as the last run left them', async () => {
    const [first, second] = [await batch(db), await batch(db)];
    await saveTrends(db, first, [trend(1, [1, 2]), trend(2, [3]), trend(3, [4])], []);
    await saveTrends(db, second, [trend(1, [1, 2])], [{ from: trendId(3), into: trendId(1) }]);
    const row = { firstSeen: hours(-20), bornBatch: first };
    const awake = { ...row, id: trendId(1), status: 'rising', headlines: 2 };
    const asleep = { ...row, id: trendId(2), status: 'dormant', headlines: 1 };
    assert.deepEqual(await previousTrends(db, []), [awake]);
    assert.deepEqual(await previousTrends(db, [trendId(2), trendId(3)]), [awake, asleep], 'none merged away');
  });

  test('a trend that went into another leaves it its headlines, those of before the window, too', async () => {
    await saveTrends(db, await batch(db), [trend(1, [1]), trend(2, [2, 30])], []);
    await saveTrends(db, await batch(db), [trend(1, [1, 2])], [{ from: trendId(2), into: trendId(1) }]);
    assert.deepEqual(await membersOf(), { 1: [1, 2, 30] });
  });

  test('a burst that is over leaves nothing, and a status that is none of the five is refused', async () => {
    await saveTrends(db, await batch(db), [trend(1, [1])], []);
    await saveTrends(db, await batch(db), [trend(1, [1], { burst: { weight: 0, since: null } })], []);
    const { rows } = await db.query('select burst_weight, burst_since from trends');
    assert.deepEqual(rows, [{ burst_weight: 0, burst_since: null }]);
    const steady = [trend(2, [2], { status: 'steady' })];
    await assert.rejects(saveTrends(db, await batch(db), steady, []), /trends_status/);
  });

  test('merged: the pointer is to the survivor, and a trend that a batch has is alive again', async () => {
    const target = async () =>
      (await db.query('select merged_into from trends where id = $1', [trendId(2)])).rows[0]!.merged_into;
    const merged = [{ from: trendId(2), into: trendId(1) }];
    await saveTrends(db, await batch(db), [trend(1, [1]), trend(2, [2])], []);
    await saveTrends(db, await batch(db), [trend(1, [1, 2])], merged);
    assert.equal(await target(), trendId(1));
    await saveTrends(db, await batch(db), [trend(2, [2])], []);
    assert.equal(await target(), null);
  });

  test('those that write trends take turns', async () => {
    const order: string[] = [];
    let second: Promise<unknown> | undefined;
    await transaction(db, async (tx) => {
      await lockTrends(tx);
      second = transaction(db, async (other) => {
        await lockTrends(other);
        order.push('second');
      });
      await tx.query('select pg_sleep(0.1)');
      order.push('first');
    });
    await second;
    assert.deepEqual(order, ['first', 'second']);
  });

  test('a batch is overtaken once one that began later has trends', async () => {
    const [first, second, third] = [await batch(db), await batch(db), await batch(db)];
    assert.equal(await overtaken(db, first), false);
    await saveTrends(db, second, [trend(1, [1])], []);
    const found = [first, second, third].map((id) => overtaken(db, id));
    assert.deepEqual(await Promise.all(found), [true, false, false]);
  });

  test('categories of trends', async () => {
    await saveTrends(db, await batch(db), [trend(1, [1, 2], { publishers: 7 }), trend(2, [3])], []);
    await saveTrendCategories(db, 'm', [
      { id: trendId(1), category: 'weather', probability: 0.5 },
      { id: trendId(2), category: null, probability: 0.25 },
    ]);
    const { rows } = await db.query(
      'select category, category_probability, category_model from trends order by id',
    );
    assert.deepEqual(rows, [
      { category: 'weather', category_probability: 0.5, category_model: 'm' },
      { category: null, category_probability: 0.25, category_model: 'm' },
    ]);
  });

  test('a save that fails in a transaction leaves what was there before', async () => {
    await saveTrends(db, await batch(db), [trend(1, [1])], []);
    const before = await all();
    const broken = [trend(1, [1, 2], { label: 'half' }), trend(2, [99])];
    const second = await batch(db);
    await assert.rejects(
      transaction(db, (tx) => saveTrends(tx, second, broken, [])),
      /foreign key/,
    );
    assert.deepEqual(await all(), before);
  });
});
