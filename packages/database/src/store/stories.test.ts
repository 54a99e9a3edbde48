import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { freshDatabase } from '@afk/local/testing';
import {
  countGrouped,
  dropEmptyStories,
  dropMergers,
  dropStrays,
  examinedStories,
  formerTrends,
  groupedHeadlines,
  pendingMergers,
  saveStories,
  saveTrends,
  saveTrendEvents,
  storiesOf,
  storiesOvertaken,
  storyHead,
  toldSizes,
  ungroupedHeadlines,
  type StoryWrite,
} from '../index.ts';
import { batch, headline, headlineId, hours, store, trend, trendId } from '../testing/rows.ts';

const storyId = trendId;
const nothing: StoryWrite = { stories: [], headlines: [], expired: [], gone: [], merged: [], split: [] };
const story = (n: number, central: number, examined = 1) => ({
  id: storyId(n),
  central: headlineId(central),
  keywords: ['water', 'l’eau "vive", {x}'],
  examined,
});
const grouped = (n: number, into: number) => ({
  headline: headlineId(n),
  item: headlineId(n),
  story: storyId(into),
  vector: Uint8Array.of(0, 1, 255, n),
});

describe('the store of stories', async () => {
  const { pool: db, drop } = await freshDatabase();
  after(drop);
  beforeEach(async () => {
    await db.query('truncate feeds, batches, trends, stories, story_window, story_mergers cascade');
    await store(
      db,
      [1, 2, 3, 4, 30].map((n) => headline(n)),
    );
  });
  const save = async (write: Partial<StoryWrite>, asOf = hours(0)): Promise<string> => {
    const batchId = await batch(db, asOf);
    await saveStories(db, { batchId, asOf, weighedAt: 7 }, { ...nothing, ...write });
    return batchId;
  };

  test('what is saved comes back, byte for byte; what is grouped is not offered again', async () => {
    assert.equal(await storyHead(db), undefined);
    const batchId = await save({
      stories: [story(1, 1, 2), story(2, 3)],
      headlines: [grouped(1, 1), grouped(2, 1), grouped(3, 2)],
    });
    assert.deepEqual(await storyHead(db), { batchId, asOf: hours(0), weighedAt: 7 });
    assert.equal(await countGrouped(db, hours(0)), 3);
    const found = await groupedHeadlines(db, hours(0));
    assert.deepEqual(
      found.map((h) => [h.id, h.story, [...h.vector]]),
      [
        [headlineId(3), storyId(2), [0, 1, 255, 3]],
        [headlineId(2), storyId(1), [0, 1, 255, 2]],
        [headlineId(1), storyId(1), [0, 1, 255, 1]],
      ],
    );
    const others = await ungroupedHeadlines(db, hours(-10), hours(0));
    assert.deepEqual([others.map((h) => h.id), others[0]!.title], [[headlineId(4)], 'Headline 4']);
    assert.deepEqual(await examinedStories(db), [{ story: storyId(1), items: 2 }]);
  });

  test('a run writes over what it changed and leaves the rest; what has left and what is gone goes', async () => {
    await save({
      stories: [story(1, 1), story(2, 3)],
      headlines: [grouped(1, 1), grouped(2, 1), grouped(3, 2)],
    });
    await save({
      stories: [story(1, 2, 3)],
      headlines: [grouped(2, 3)],
      expired: [headlineId(3)],
      gone: [storyId(2)],
    });
    const { rows } = await db.query('select headline_id, story_id from story_headlines order by 1');
    assert.deepEqual(rows, [
      { headline_id: headlineId(1), story_id: storyId(1) },
      { headline_id: headlineId(2), story_id: storyId(3) },
    ]);
    assert.deepEqual(await examinedStories(db), [{ story: storyId(1), items: 3 }]);
    assert.deepEqual((await db.query('select id from stories')).rows, [{ id: storyId(1) }]);
  });

  test('stories of a window: enough headlines in it, oldest first, and where they came from', async () => {
    await save({
      stories: [story(1, 1), story(2, 4)],
      headlines: [grouped(1, 1), grouped(2, 1), grouped(30, 1), grouped(4, 2), grouped(3, 2)],
      split: [{ id: storyId(2), from: storyId(1) }],
    });
    await save({ stories: [story(2, 4)] });
    const found = await storiesOf(db, hours(-10), hours(-1.5), 2);
    assert.deepEqual(found, [
      {
        id: storyId(2),
        central: headlineId(4),
        keywords: ['water', 'l’eau "vive", {x}'],
        splitFrom: storyId(1),
        members: [headlineId(4), headlineId(3)],
      },
    ]);
    assert.deepEqual((await storiesOf(db, hours(-40), hours(0), 3))[0]!.members.length, 3);
  });

  test('headlines that are deleted are grouped no more, and stories without any are forgotten', async () => {
    await save({ stories: [story(1, 1), story(2, 2)], headlines: [grouped(1, 1), grouped(2, 2)] });
    await db.query('delete from headlines where id = $1', [headlineId(1)]);
    assert.equal(await countGrouped(db, hours(0)), 1);
    await dropEmptyStories(db);
    assert.deepEqual((await db.query('select id from stories')).rows, [{ id: storyId(2) }]);
  });

  test('mergers wait for the trends that they are of; the others nobody asks for', async () => {
    await saveTrends(db, await batch(db), [trend(1, [1]), trend(2, [2])], []);
    await save({
      merged: [
        { from: storyId(1), into: storyId(2) },
        { from: storyId(9), into: storyId(2) },
      ],
    });
    assert.deepEqual(await pendingMergers(db), [{ from: storyId(1), into: storyId(2) }]);
    await dropMergers(db, [storyId(1)]);
    assert.deepEqual(await pendingMergers(db), []);
  });

  test('mergers that nobody follows wait while there is an end to follow to, over every step on the way', async () => {
    await saveTrends(db, await batch(db), [trend(1, [1])], []);
    await save({ stories: [story(2, 2), story(3, 3)], merged: [{ from: storyId(1), into: storyId(2) }] });
    await dropMergers(db, []);
    await save({ gone: [storyId(2)], merged: [{ from: storyId(2), into: storyId(3) }] });
    await dropMergers(db, []);
    const steps = [storyId(1), storyId(2)].map((from, i) => ({ from, into: storyId(i + 2) }));
    assert.deepEqual(await pendingMergers(db), steps, 'though the second never was a trend');
    await save({ gone: [storyId(3)] });
    await dropMergers(db, []);
    await dropMergers(db, []);
    assert.deepEqual(await pendingMergers(db), []);
  });

  test('a story that has headlines after the clock of a replay is not gone, and went nowhere', async () => {
    await saveTrends(db, await batch(db), [trend(1, [1])], []);
    await save({ stories: [story(1, 1), story(2, 2)], headlines: [grouped(1, 1), grouped(2, 2)] });
    await save({ gone: [storyId(1)], merged: [{ from: storyId(1), into: storyId(2) }] });
    assert.equal((await db.query('select id from stories')).rowCount, 2);
    assert.deepEqual(await pendingMergers(db), []);
  });

  test('former trends: of headlines whose trend is there and whose story is not; strays are dropped', async () => {
    await saveTrends(db, await batch(db), [trend(1, [1, 30]), trend(2, [2])], []);
    await save({ stories: [story(2, 2), story(3, 1)], headlines: [grouped(1, 3), grouped(2, 2)] });
    const all = [1, 2, 3, 30].map(headlineId);
    assert.deepEqual(
      [...(await formerTrends(db, all))],
      [
        [headlineId(1), trendId(1)],
        [headlineId(30), trendId(1)],
      ],
    );
    await dropStrays(db);
    const { rows } = await db.query('select headline_id from trend_headlines order by 1');
    assert.deepEqual(
      rows.map((r) => r.headline_id),
      [headlineId(2), headlineId(30)],
      'what has left the window stays',
    );
  });

  test('a batch is overtaken by one that began later and has grouped', async () => {
    const early = await batch(db);
    assert.equal(await storiesOvertaken(db, early), false);
    const later = await save({});
    assert.deepEqual([await storiesOvertaken(db, early), await storiesOvertaken(db, later)], [true, false]);
  });

  test('what happened to a trend is told once a batch; its size as last told, before this one', async () => {
    const [first, second] = [await batch(db), await batch(db, hours(1))];
    await saveTrends(db, first, [trend(1, [1]), trend(2, [2])], []);
    const born = { trend: trendId(1), kind: 'born', other: null, headlines: 3 } as const;
    const met = { trend: trendId(1), kind: 'absorbed', other: trendId(2), headlines: 9 } as const;
    await saveTrendEvents(db, { id: first, asOf: hours(0) }, [born]);
    await saveTrendEvents(db, { id: first, asOf: hours(0) }, [{ ...born, headlines: 4 }]);
    await saveTrendEvents(db, { id: second, asOf: hours(1) }, [
      met,
      { ...born, kind: 'grown', headlines: 9 },
    ]);
    const { rows } = await db.query('select kind, headlines from trend_events order by at, kind');
    assert.deepEqual(
      rows.map((r) => `${r.kind} ${r.headlines}`),
      ['born 3', 'absorbed 9', 'grown 9'],
    );
    assert.deepEqual([...(await toldSizes(db, [trendId(1), trendId(2)], second))], [[trendId(1), 3]]);
    assert.deepEqual([...(await toldSizes(db, [trendId(1)], await batch(db)))], [[trendId(1), 9]]);
    await assert.rejects(
      saveTrendEvents(db, { id: first, asOf: hours(0) }, [{ ...born, kind: 'died' as 'born' }]),
      /trend_events_kind/,
    );
  });
});
