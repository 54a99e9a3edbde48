import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, beforeEach, describe, test } from 'node:test';
import { freshDatabase } from '@afk/local/testing';
import {
  activeFeeds,
  batchOf,
  beginBatch,
  findBatch,
  noteBatch,
  noteFetch,
  saveFeeds,
  saveFlow,
  trimFlow,
  type FlowRow,
} from '../index.ts';
import { batch, hours } from '../testing/rows.ts';

describe('the stores of batches, feeds and the flow log', async () => {
  const { pool: db, drop } = await freshDatabase();
  after(drop);
  beforeEach(() => db.query('truncate feeds, batches, trends, flow_log restart identity cascade'));

  test('the same trigger, delivered twice or to two at once, is one batch', async () => {
    const begin = (asOf: Date) =>
      beginBatch(db, { id: randomUUID(), triggerId: 't1', correlationId: 'c1', asOf });
    const [one, two] = await Promise.all([begin(hours(0)), begin(hours(0))]);
    assert.deepEqual(one, two);
    const late = await begin(hours(5));
    assert.deepEqual([late.id, late.asOf], [one.id, hours(0)], 'the clock of a run stays');
    assert.deepEqual(await batchOf(db, one.id), one);
    const none = randomUUID();
    await assert.rejects(batchOf(db, none), new RegExp(`there is no batch ${none}`));
  });

  test('notes add up; a batch that is complete stays complete', async () => {
    const id = await batch(db);
    await noteBatch(db, { id, headlines: 12 });
    await noteBatch(db, { id, topics: 3 });
    await noteBatch(db, { id, status: 'complete', at: hours(1), trends: 2 });
    await noteBatch(db, { id, status: 'failed', at: hours(2) });
    await noteBatch(db, { id, indexed: 12 });
    const found = await findBatch(db, id);
    assert.deepEqual(
      [found!.status, found!.finished_at, found!.headlines, found!.topics, found!.trends, found!.indexed],
      ['complete', hours(1).toISOString(), 12, 3, 2, 12],
    );
    await noteBatch(db, { id: randomUUID(), status: 'complete', at: hours(1) });
    assert.equal((await findBatch(db, id))!.status, 'complete', 'a note of no batch is no error');
  });

  test('a batch that failed completes if its dead letter is replayed', async () => {
    const id = await batch(db);
    await noteBatch(db, { id, status: 'failed', at: hours(1) });
    assert.equal((await findBatch(db, id))!.status, 'failed');
    await noteBatch(db, { id, status: 'complete', at: hours(2) });
    const found = await findBatch(db, id);
    assert.deepEqual([found!.status, found!.finished_at], ['complete', hours(2).toISOString()]);
  });

  const feed = (name: string, title = name) => ({ url: `https://${name}.example/`, title, language: null });
  const active = async () => (await activeFeeds(db)).map((f) => f.title || f.url);

  test('feeds: added once, counted once; an exclusive list retires those of its source it leaves out', async () => {
    const save = (names: string[], source: 'opml' | 'imported', exclusive = false) =>
      saveFeeds(
        db,
        names.map((n) => feed(n)),
        { source, at: hours(0), exclusive },
      );
    assert.equal(await save(['a', 'b'], 'opml'), 2);
    assert.equal(await save(['c'], 'imported'), 1);
    assert.equal(await save(['b', 'd'], 'opml', true), 1);
    assert.deepEqual(await active(), ['b', 'c', 'd']);
    assert.equal(await save(['a'], 'opml'), 0, 'it comes back, it is not new');
    assert.deepEqual(await active(), ['a', 'b', 'c', 'd']);
    assert.equal(await save([], 'opml', true), 0);
    assert.deepEqual(await active(), ['c']);
  });

  test('feeds: a list without titles does not take titles away', async () => {
    await saveFeeds(db, [{ ...feed('a'), language: 'fr' }], { source: 'opml', at: hours(0) });
    await saveFeeds(db, [feed('a', '')], { source: 'imported', at: hours(1) });
    const [row] = await activeFeeds(db);
    assert.deepEqual([row!.title, row!.language, row!.source], ['a', 'fr', 'imported']);
    assert.deepEqual(row!.createdAt, hours(0));
  });

  test('fetches: what a feed says of itself fills gaps, "not modified" keeps the validators', async () => {
    await saveFeeds(db, [feed('a', '')], { source: 'opml', at: hours(0) });
    const { id } = (await activeFeeds(db))[0]!;
    const ok = {
      state: 'ok',
      etag: '"1"',
      lastModified: null,
      title: 'Of the feed',
      language: 'fr',
    } as const;
    await noteFetch(db, id, hours(1), ok);
    await noteFetch(db, id, hours(2), { state: 'not_modified' });
    const row = (await activeFeeds(db))[0]!;
    assert.deepEqual([row.title, row.language, row.etag], ['Of the feed', 'fr', '"1"']);
    await noteFetch(db, id, hours(3), { ...ok, etag: null, title: 'Renamed', language: 'en' });
    const next = (await activeFeeds(db))[0]!;
    assert.deepEqual([next.title, next.language, next.etag], ['Of the feed', 'fr', null]);
  });

  test('fetches: failures add up until one succeeds', async () => {
    await saveFeeds(db, [feed('a')], { source: 'opml', at: hours(0) });
    const { id } = (await activeFeeds(db))[0]!;
    const columns = 'state, failures, last_error, last_fetched_at, last_success_at';
    const state = async () => Object.values((await db.query(`select ${columns} from feeds`)).rows[0]!);
    await noteFetch(db, id, hours(1), { state: 'failing', error: 'HTTP 500' });
    await noteFetch(db, id, hours(2), { state: 'failing', error: 'x'.repeat(5000) });
    assert.deepEqual(await state(), ['failing', 2, 'x'.repeat(1000), hours(2), null]);
    await noteFetch(db, id, hours(3), { state: 'not_modified' });
    assert.deepEqual(await state(), ['not_modified', 0, null, hours(3), hours(3)]);
  });

  test('the flow log has an event once a channel, whatever is no event as often as it came', async () => {
    const heard = (eventId: string | null, more: Partial<FlowRow> = {}): FlowRow => ({
      at: hours(0),
      channel: 'front',
      event: 'site_built',
      eventId,
      batchId: null,
      correlationId: null,
      payload: { pages: 3 },
      raw: null,
      ...more,
    });
    const bare = heard(null, { payload: null, raw: 'hello', event: null });
    await saveFlow(db, [heard('e1'), heard('e1'), bare, bare]);
    await saveFlow(db, [heard('e1', { payload: { pages: 9 } }), heard('e1', { channel: 'api' })]);
    const { rows } = await db.query('select channel, event_id, payload, raw from flow_log order by seq');
    assert.deepEqual(rows, [
      { channel: 'front', event_id: 'e1', payload: { pages: 3 }, raw: null },
      { channel: 'front', event_id: null, payload: null, raw: 'hello' },
      { channel: 'front', event_id: null, payload: null, raw: 'hello' },
      { channel: 'api', event_id: 'e1', payload: { pages: 3 }, raw: null },
    ]);
  });

  test('the flow log is trimmed up to a moment', async () => {
    const at = (n: number): FlowRow => ({
      at: hours(n),
      channel: 'front',
      event: null,
      eventId: null,
      batchId: null,
      correlationId: null,
      payload: null,
      raw: `${n}`,
    });
    await saveFlow(db, [-3, -2, -1].map(at));
    assert.equal(await trimFlow(db, hours(-2)), 1);
    assert.equal(await trimFlow(db, hours(-2)), 0);
    const { rows } = await db.query('select raw from flow_log order by seq');
    assert.deepEqual(
      rows.map((r) => r.raw),
      ['-2', '-1'],
    );
  });
});
