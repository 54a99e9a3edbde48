import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { findTrend, type NewHeadline } from '@afk/database';
import { bench } from './testing/bench.ts';
import { demoHeadlines } from './testing/demo.ts';
import { EMPTY, hour, story, tablesOf } from './testing/tables.ts';

const season = demoHeadlines();

describe('the lineage of trends', async () => {
  const b = await bench();
  const { rows, runAt, currentIn, tales } = tablesOf(b);
  after(() => b.close());
  beforeEach(() => b.db.query(EMPTY));

  test('a trend that goes into another points to it, its page leads there, and both tell of it', async () => {
    await b.store([
      ...story(0, 'Harbour refinery strike enters week', 4),
      ...story(10, 'Petrol queues outside stations', 5),
    ]);
    const first = await runAt(hour(62));
    assert.equal(first.trends['count'], 2);
    await b.store([
      ...story(20, 'Refinery strike: petrol queues outside harbour stations', 6),
      ...story(30, 'Harbour refinery strike leaves petrol stations with queues', 6),
    ]);
    const second = await runAt(hour(63));
    const [survivor, ...others] = await currentIn(second.id);
    assert.deepEqual([others, second.trends['born']], [[], 0]);
    const [merged] = await rows('select id, merged_into from trends where merged_into is not null');
    assert.equal(merged.merged_into, survivor);
    const window = { windowHours: 72, bucketMinutes: 180 };
    assert.deepEqual(await findTrend(b.db, merged.id, window), { mergedInto: survivor });
    const [{ n }] = await rows(
      'select count(*)::int as n from trend_headlines where trend_id = $1',
      survivor,
    );
    assert.equal(n, 21, 'all headlines are its own now');
    assert.deepEqual(await tales(merged.id), ['born - 4', `merged ${survivor} 4`]);
    assert.deepEqual(await tales(survivor!), ['born - 5', `absorbed ${merged.id} 21`, 'grown - 21']);
    assert.deepEqual(await rows('select * from story_mergers'), [], 'nothing waits any more');
  });

  test('a trend falls asleep in a silence, wakes up with new headlines, and sleeps on when they have left', async () => {
    const at = (n: number, h: number): NewHeadline => ({
      ...story(n, 'Harbour refinery strike', 1)[0]!,
      publishedAt: hour(h),
    });
    await b.store([10, 18, 26, 34, 42].map((h, n) => at(n, h)));
    await runAt(hour(43));
    const [{ id }] = await rows('select id from trends');
    await runAt(hour(67));
    assert.deepEqual(await tales(id), ['born - 5', 'slept - 5']);
    await b.store([at(20, 68)]);
    await runAt(hour(69));
    assert.deepEqual(await tales(id), ['born - 5', 'slept - 5', 'revived - 6']);
    await runAt(hour(400));
    assert.deepEqual((await tales(id)).slice(3), ['slept - 0']);
    assert.deepEqual(await rows(`select from trends where status <> 'dormant'`), []);
  });

  test('a trend that sleeps when its story goes into another points to it, too', async () => {
    await b.store([
      ...story(0, 'Harbour refinery strike enters week', 4),
      ...story(10, 'Petrol queues outside stations', 5),
    ]);
    await runAt(hour(62));
    await b.db.query(`update trends set status = 'dormant' where headlines = 4`);
    await b.store([
      ...story(20, 'Refinery strike: petrol queues outside harbour stations', 6),
      ...story(30, 'Harbour refinery strike leaves petrol stations with queues', 6),
    ]);
    await runAt(hour(63));
    const [merged] = await rows('select id, merged_into from trends where headlines = 4');
    assert.equal(merged.merged_into, (await rows('select id from trends where headlines = 21'))[0]!.id);
    assert.deepEqual(await tales(merged.id), ['born - 4', `merged ${merged.merged_into} 4`]);
  });

  test('narrower windows and wide ones again: no headline is lost, and none is in two stories', async () => {
    await b.store(season, { demo: true });
    const unseen = `select from story_headlines h where not exists (select from stories s where s.id = h.story_id)`;
    const split = 'select item from story_headlines group by item having count(distinct story_id) > 1';
    for (const [windowHours, clock] of [
      [72, 40],
      [24, 44],
      [24, 52],
      [72, 56],
      [72, 66],
    ] as const) {
      const other = await bench(b.db, windowHours);
      const id = await b.batch(hour(clock));
      const { topics: said } = await other.run(id);
      await other.close();
      const inWindow = season.filter(
        (h) => h.publishedAt <= hour(clock) && h.publishedAt > hour(clock - windowHours),
      );
      assert.equal(said['headlines'], inWindow.length, `${windowHours} h up to ${clock}`);
      assert.deepEqual([await rows(unseen), await rows(split)], [[], []]);
    }
  });

  test('trends of a release that stored no stories keep their identity', async () => {
    await b.store(season, { demo: true });
    await runAt(hour(48));
    const before = await rows('select id from trends where merged_into is null');
    await b.db.query('truncate stories, story_window, story_mergers, story_headlines');
    const { id } = await runAt(hour(49));
    const current = new Set(await currentIn(id));
    const kept = before.filter((t) => current.has(t.id as string)).length;
    assert.ok(kept >= 0.9 * before.length, `${kept} of ${before.length}`);
  });

  test('a headline that went to a story which is no trend is no trend’s any more', async () => {
    await b.store(season, { demo: true });
    await runAt(hour(48));
    const stray = `select from trend_headlines t join story_headlines s using (headline_id)
                    where s.story_id <> t.trend_id`;
    const [{ headline_id }] = await rows('select headline_id from trend_headlines order by 1 limit 1');
    await b.db.query('update story_headlines set story_id = item where headline_id = $1', [headline_id]);
    assert.equal((await rows(stray)).length, 1);
    await runAt(hour(48.5));
    assert.deepEqual(await rows(stray), []);
  });

  test('one process after another, or one that stays: the same stories', async () => {
    await b.store(season, { demo: true });
    const clocks = [30, 42, 48, 49, 66].map(hour);
    for (const clock of clocks) await runAt(clock);
    const members = `select array_agg(headline_id::text order by headline_id) as members from story_headlines
                      group by story_id order by 1`;
    const vectors = 'select headline_id, vector from story_headlines order by headline_id';
    const stayed = [await rows(members), await rows(vectors)];
    await b.db.query(
      'truncate batches, trends, stories, story_window, story_mergers, story_headlines cascade',
    );
    for (const clock of clocks) {
      const other = await bench(b.db);
      const id = await b.batch(clock);
      await other.run(id);
      await other.close();
    }
    assert.deepEqual([await rows(members), await rows(vectors)], stayed);
  });
});
