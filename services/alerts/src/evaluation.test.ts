import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import {
  changeSavedSearch,
  noteBatch,
  saveCategories,
  saveFeeds,
  saveHeadlines,
  transaction,
} from '@afk/database';
import { evaluateBatch } from './evaluate-batch.ts';
import { bench, headlineOf, now, until } from './testing/bench.ts';

const hours = (n: number): Date => new Date(now.getTime() + n * 3_600_000);
const quiet = {
  at: now,
  log: { debug() {}, info() {}, warn() {}, error() {} },
  signal: new AbortController().signal,
};

/** Connections that wait for another's lock. */
const heldUp = `select from pg_locks l join pg_stat_activity a using (pid)
                 where not l.granted and a.datname = current_database()`;

describe('what a run matches', async () => {
  const b = await bench();
  after(() => b.close());
  beforeEach(() => b.db.query('truncate feeds, batches, saved_searches cascade'));

  /** The titles that a search matched in a run, newest first. */
  async function titles(searchId: string, batchId: string): Promise<string[]> {
    const rows = await b.rows<{ title: string }>(
      `select h.title from saved_search_matches m, unnest(m.headlines) with ordinality as t (id, n)
         join headlines h using (id) where m.search_id = $1 and m.batch_id = $2 order by n`,
      searchId,
      batchId,
    );
    return rows.map((r) => r.title);
  }
  const waiting = async (): Promise<number> =>
    (await b.rows<{ n: number }>('select count(*)::int as n from unevaluated_headlines'))[0]!.n;

  test('words in any inflection, phrases, exclusions and fields: all of them must fit', async () => {
    const words = await b.save({ query: 'flood warning' });
    const phrase = await b.save({ query: '"rent cap" -vote' });
    const field = await b.save({ query: 'publisher:Bell', category: 'weather' });
    const french = await b.save({ query: '', language: 'fr' });
    const other = await b.save({ query: 'flood', category: 'sport' });
    await b.store([
      'Flood warnings for the valley',
      'A flood in the valley',
      'The rent cap holds',
      'Cap on rent: the vote',
      'A vote on the rent cap',
      { title: 'Rain', publisher: 'The Bell' },
      { title: 'Le vote du budget', language: 'fr' },
    ]);
    const batch = await b.indexed();
    assert.deepEqual(await titles(words.id, batch), ['Flood warnings for the valley']);
    assert.deepEqual(await titles(phrase.id, batch), ['The rent cap holds']);
    assert.deepEqual(await titles(field.id, batch), ['Rain']);
    assert.deepEqual(await titles(french.id, batch), ['Le vote du budget']);
    assert.deepEqual(await titles(other.id, batch), []);
    assert.equal(await waiting(), 0);
  });

  test('one event a search that matched, none for the others; a run without news says nothing', async () => {
    const [one, two] = [await b.save({ query: 'rain' }), await b.save({ query: 'storm' })];
    await b.save({ query: 'snow' });
    await b.store(['Rain and a storm', 'More rain']);
    const batch = await b.indexed();
    const ours = (await b.emitted()).filter((e) => e.batch_id === batch);
    assert.deepEqual(
      ours.map((e) => [e.event, e['search_id'], e['count'], e.correlation_id]).toSorted(),
      [
        ['saved_search_matched', one.id, 2, `run-${batch}`],
        ['saved_search_matched', two.id, 1, `run-${batch}`],
      ].toSorted(),
    );
    const before = (await b.emitted()).length;
    await b.indexed();
    assert.equal((await b.emitted()).length, before);
  });

  test('a headline counts in one run only, and never for a search that was saved after that', async () => {
    const early = await b.save({ query: 'rain' });
    await b.store(['Rain']);
    const first = await b.indexed();
    const late = await b.save({ query: 'rain' });
    const second = await b.indexed();
    assert.deepEqual(await titles(early.id, first), ['Rain']);
    assert.deepEqual([await titles(early.id, second), await titles(late.id, second)], [[], []]);
  });

  test('without any search headlines count as evaluated all the same', async () => {
    await b.store(['Rain']);
    await b.indexed();
    assert.equal(await waiting(), 0);
  });

  test('a search that is switched off is asked nothing', async () => {
    const { id } = await b.save({ query: 'rain' });
    await b.db.query('update saved_searches set active = false');
    await b.store(['Rain']);
    assert.deepEqual(await titles(id, await b.indexed()), []);
  });

  test('what a run that died on its way brought is caught by the next', async () => {
    const { id } = await b.save({ query: 'rain' });
    await b.store(['Rain at dawn']);
    // No index_complete for these: their run ended in a dead letter.
    await b.store(['Rain at noon']);
    assert.deepEqual(await titles(id, await b.indexed()), ['Rain at dawn', 'Rain at noon']);
  });

  test('what has no category yet, or lies beyond the clock, is left for the run that reaches it', async () => {
    const { id } = await b.save({ query: 'rain' });
    const [feed] = (await b.store([{ title: 'Rain tomorrow', publishedAt: hours(24) }])) && [
      (await b.rows<{ id: string }>('select id from feeds'))[0]!.id,
    ];
    const fresh = headlineOf({ title: 'Rain, just in' });
    await saveHeadlines(b.db, [fresh], { feedId: feed!, batchId: fresh.id, seenAt: now, demo: false });
    assert.deepEqual(await titles(id, await b.indexed()), []);
    await saveCategories(b.db, 'test', [{ id: fresh.id, category: null, probability: 0.1 }]);
    assert.deepEqual(await titles(id, await b.indexed()), ['Rain, just in']);
    assert.deepEqual(await titles(id, await b.indexed(await b.batch(hours(25)))), ['Rain tomorrow']);
  });

  test('the demo’s inventions alert while there is nothing else', async () => {
    const { id } = await b.save({ query: 'rain' });
    await b.store(['Invented rain'], { demo: true });
    assert.deepEqual(await titles(id, await b.indexed()), ['Invented rain']);
    await b.store(['More invented rain'], { demo: true });
    await b.store(['Real rain']);
    assert.deepEqual(await titles(id, await b.indexed()), ['Real rain']);
    assert.equal(await waiting(), 0);
  });

  test('dates count back from the run’s clock', async () => {
    const { id } = await b.save({ query: 'rain after:1d' });
    await b.store([
      { title: 'Rain', publishedAt: hours(-2) },
      { title: 'Old rain', publishedAt: hours(-30) },
    ]);
    assert.deepEqual(await titles(id, await b.indexed()), ['Rain']);
  });

  test('of more than a hundred the newest are named, and all are counted', async () => {
    const { id } = await b.save({ query: 'rain' });
    const many = Array.from({ length: 1250 }, (_, i) => ({
      title: `Rain ${i}`,
      publishedAt: hours(-i / 100),
    }));
    await b.store(many);
    const batch = await b.indexed();
    assert.deepEqual(
      await titles(id, batch),
      many.slice(0, 100).map((h) => h.title),
    );
    const [row] = await b.rows<{ total: number }>('select total from saved_search_matches');
    assert.equal(row!.total, 1250);
  });

  test('a query that is understood no more says so, and the others go on', async () => {
    const [bad, good] = [await b.save({ query: 'rain' }), await b.save({ query: 'rain' })];
    await b.db.query(`update saved_searches set query = 'category:gossip' where id = $1`, [bad.id]);
    await b.store(['Rain']);
    assert.deepEqual(await titles(good.id, await b.indexed()), ['Rain']);
    const [row] = await b.rows<{ error: string }>(
      'select last_error as error from saved_searches where id = $1',
      bad.id,
    );
    assert.match(row!.error, /not understood: "category:gossip" is none of/);
  });

  test('killed between the marking and the telling: the event comes again, and it is told', async () => {
    const { id } = await b.save({ query: 'rain' });
    await b.store(['Rain']);
    const batch = await b.batch();
    await evaluateBatch(b.db, batch, quiet);
    await b.store(['Rain of the next run']);
    await b.indexed(batch);
    assert.deepEqual(await titles(id, batch), ['Rain'], 'and what came since belongs to the next run');
    const told = (await b.emitted()).filter((e) => e.batch_id === batch);
    assert.deepEqual(
      told.map((e) => [e['search_id'], e['count']]),
      [[id, 1]],
    );
    assert.deepEqual(await titles(id, await b.indexed()), ['Rain of the next run']);
  });

  test('killed amid the evaluation: nothing is marked', async () => {
    await b.save({ query: 'rain' });
    await b.store(['Rain']);
    const batch = await b.batch();
    const stop = new AbortController();
    stop.abort(new Error('the service is stopping'));
    const many = Array.from({ length: 400 }, (_, i) => ({ name: `s${i}`, query: 'rain' }));
    for (const one of many) await b.save(one);
    await b.store(Array.from({ length: 50 }, (_, i) => `Rain ${i}`));
    await assert.rejects(evaluateBatch(b.db, batch, { ...quiet, signal: stop.signal }), /stopping/);
    assert.equal(await waiting(), 51);
    assert.deepEqual(await b.rows('select from saved_search_matches'), []);
    const [row] = await b.rows<{ at: Date | null }>('select searches_evaluated_at as at from batches');
    assert.equal(row!.at, null);
  });

  test('a long evaluation keeps nobody from noting how far the run is, or from changing a search', async () => {
    const { id } = await b.save({ query: 'rain' });
    await b.db.query(`update saved_searches set query = 'category:gossip' where id = $1`, [id]);
    await b.save({ query: 'rain' });
    await b.store(['Rain']);
    const batch = await b.batch();
    let evaluating: Promise<void> | undefined;
    await transaction(b.db, async (tx) => {
      // Holds it up after it has begun.
      await tx.query('lock table unevaluated_headlines in access exclusive mode');
      evaluating = evaluateBatch(b.db, batch, quiet);
      evaluating.catch(() => {});
      await until('the evaluation to wait', async () => (await b.rows(heldUp)).length > 0);
      await tx.query(`set local lock_timeout = '3s'`);
      await noteBatch(tx, { id: batch, indexed: 1 });
      assert.ok(await changeSavedSearch(tx, id, { name: 'Gossip' }));
    });
    await evaluating;
    const [row] = await b.rows(
      'select name, last_error is not null as failed from saved_searches where id = $1',
      id,
    );
    assert.deepEqual(row, { name: 'Gossip', failed: true });
    const done = await b.rows('select indexed, searches_evaluated_at is not null as done from batches');
    assert.deepEqual(done, [{ indexed: 1, done: true }]);
  });

  test('two replicas at the same batches: each headline matches once', async () => {
    await b.save({ query: 'rain' });
    await b.store(Array.from({ length: 300 }, (_, i) => `Rain ${i}`));
    const batches = [await b.batch(), await b.batch()];
    await Promise.all([...batches, ...batches].map((id) => evaluateBatch(b.db, id, quiet)));
    const rows = await b.rows<{ total: number }>('select total from saved_search_matches');
    assert.deepEqual(
      rows.map((r) => r.total),
      [300],
    );
  });

  test('a batch that nobody knows is an error that names it', async () => {
    await assert.rejects(
      evaluateBatch(b.db, '00000000-0000-4000-8000-000000000000', quiet),
      /there is no batch 00000000/,
    );
  });

  test('headlines that go before they are looked at are no matter', async () => {
    const { id } = await b.save({ query: 'rain' });
    await b.store(['Rain']);
    await b.db.query('delete from headlines');
    assert.equal(await waiting(), 0);
    assert.deepEqual(await titles(id, await b.indexed()), []);
  });

  test('an item that is stored twice is new once', async () => {
    await saveFeeds(b.db, [{ url: 'https://a.example/', title: 'A', language: 'en' }], {
      source: 'opml',
      at: now,
    });
    const feedId = (await b.rows<{ id: string }>('select id from feeds'))[0]!.id;
    const one = headlineOf({ title: 'Rain' });
    const context = { feedId, batchId: one.id, seenAt: now, demo: false };
    await saveHeadlines(b.db, [one], context);
    await saveCategories(b.db, 'test', [{ id: one.id, category: null, probability: 0 }]);
    await b.indexed();
    await saveHeadlines(b.db, [one], context);
    assert.equal(await waiting(), 0);
  });
});
