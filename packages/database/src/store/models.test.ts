import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { freshDatabase } from '@afk/local/testing';
import {
  activateModel,
  activateShipped,
  activeVersion,
  addMetrics,
  deleteModel,
  listModels,
  modelBody,
  modelOf,
  recentTitles,
  saveModel,
  shippedModel,
  type NewModel,
} from '../index.ts';
import { headline, hours, store } from '../testing/rows.ts';

const model = (version: string, more: Partial<NewModel> = {}): NewModel => ({
  version,
  kind: 'linear',
  examples: 40,
  metrics: { labels: { sport: 30, weather: 10 }, unlabelled: 0 },
  body: Buffer.from(`body of ${version} \u0000\u00ff`),
  ...more,
});

describe('the store of models', async () => {
  const { pool: db, drop } = await freshDatabase();
  after(drop);
  beforeEach(() => db.query('truncate models, feeds cascade'));

  test('a model comes back as it was, byte by byte, and is not active', async () => {
    assert.equal(await saveModel(db, model('a')), true);
    const { createdAt, ...row } = (await modelOf(db, 'a'))!;
    assert.ok(createdAt instanceof Date);
    const { body, ...given } = model('a');
    const state = { active: false, pinned: false, shippedFrom: null, bytes: body.byteLength };
    assert.deepEqual(row, { ...given, ...state });
    assert.deepEqual(await modelBody(db, 'a'), body);
    assert.equal(await activeVersion(db), undefined);
    assert.deepEqual([await modelOf(db, 'b'), await modelBody(db, 'b')], [undefined, undefined]);
  });

  test('stored again it keeps its body and what was measured, and gains what is new', async () => {
    await saveModel(db, model('a'));
    await addMetrics(db, 'a', { accuracy: 0.7 });
    await activateModel(db, 'a', { pinned: true });
    const metrics = { accuracy: 0.1, ece: 0.02, labels: { sport: 1 }, unlabelled: 9 };
    const again = model('a', { body: Buffer.from('x'), shippedFrom: 'seed-1', metrics });
    assert.equal(await saveModel(db, again), false);
    const row = (await shippedModel(db, 'seed-1'))!;
    assert.deepEqual([row.active, row.pinned], [true, true]);
    const known = { accuracy: 0.7, labels: { sport: 30, weather: 10 }, unlabelled: 0 };
    assert.deepEqual(row.metrics, { ...known, ece: 0.02 });
    assert.deepEqual(await modelBody(db, 'a'), model('a').body);
  });

  test('one is active, however many are made so at once; an unknown one changes nothing', async () => {
    const versions = ['a', 'b', 'c', 'd'];
    for (const version of versions) await saveModel(db, model(version));
    const done = await Promise.all(versions.map((v) => activateModel(db, v, { pinned: true })));
    assert.deepEqual(done, [true, true, true, true]);
    const active = (await listModels(db)).filter((m) => m.active);
    assert.equal(active.length, 1);
    assert.equal(await activateModel(db, 'nobody', { pinned: true }), false);
    assert.equal(await activeVersion(db), active[0]!.version);
  });

  test('a shipped model takes the place of a shipped one, and not of one that a person chose', async () => {
    await saveModel(db, model('old', { shippedFrom: 'seed-1' }));
    await saveModel(db, model('new', { shippedFrom: 'seed-2' }));
    assert.equal(await activateShipped(db, 'old'), 'old');
    assert.equal(await activateShipped(db, 'new'), 'new');
    await activateModel(db, 'old', { pinned: true });
    assert.equal(await activateShipped(db, 'new'), 'old');
    assert.equal((await modelOf(db, 'old'))!.pinned, true);
    await activateModel(db, 'old', { pinned: false });
    assert.equal(await activateShipped(db, 'new'), 'new', 'let go, it gives way again');
    assert.equal((await modelOf(db, 'old'))!.pinned, false);
  });

  test('what is active cannot be deleted', async () => {
    await saveModel(db, model('a'));
    await saveModel(db, model('b'));
    await activateModel(db, 'a', { pinned: false });
    assert.deepEqual([await deleteModel(db, 'a'), await deleteModel(db, 'b')], [false, true]);
    assert.equal(await deleteModel(db, 'b'), false, 'it is gone');
    assert.deepEqual(
      (await listModels(db)).map((m) => m.version),
      ['a'],
    );
  });

  test('a kind that nobody can load, or a model of nothing, is refused', async () => {
    const forest = { ...model('a'), kind: 'forest' } as unknown as NewModel;
    await assert.rejects(saveModel(db, forest), /models_kind_check/);
    await assert.rejects(saveModel(db, model('a', { examples: 0 })), /models_examples_check/);
  });

  test('titles to learn from: the newest, and none that the demo invented', async () => {
    await store(db, [headline(3), headline(1), headline(2, { language: 'fr' })]);
    await store(db, [headline(0, { publishedAt: hours(0) })], { source: 'demo', url: 'demo:abp' });
    assert.deepEqual(await recentTitles(db, 2), [
      { text: 'Headline 1', language: 'en' },
      { text: 'Headline 2', language: 'fr' },
    ]);
  });
});
