import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { sendBroadcast } from '@afk/bus';
import { activateModel, activeVersion, deleteModel, listModels, modelOf, saveModel } from '@afk/database';
import { until } from '@afk/local/testing';
import { trainRow } from '../training.ts';
import { bench } from '../testing/bench.ts';
import { categories, extracted, store, verdicts } from '../testing/run.ts';
import { smallSeed } from '../testing/small-seed.ts';

// Another model, to which a striker is a worker on strike.
const seed = [
  ...smallSeed.filter((e) => !e.text.includes('striker')),
  ...['one', 'two', 'three', 'four'].map((n) => ({
    text: `striker ${n}`,
    label: 'labour',
    language: 'en',
  })),
];

describe('the model of the moment', async () => {
  const b = await bench({ threshold: 0.3 });
  after(() => b.close());
  beforeEach(async () => {
    await b.db.query('truncate feeds, batches, trends, models cascade');
    b.lines.length = 0;
    await b.start();
  });
  const told = (words: string): string[] => b.lines.filter((l) => l.includes(words));
  const versions = async (): Promise<string[]> => (await listModels(b.db)).map((m) => m.version);

  /** Stores the other model, not active. @returns its version */
  async function other(): Promise<string> {
    const row = await trainRow({ examples: seed });
    await saveModel(b.db, row);
    return row.version;
  }

  test('the first start trains the shipped one, later ones load its row', async () => {
    assert.equal(told('model trained').length, 1);
    const [row, ...none] = await listModels(b.db);
    assert.deepEqual(
      [none.length, row!.active, row!.pinned, row!.examples, row!.metrics.labels],
      [0, true, false, smallSeed.length, { sport: 16, weather: 16 }],
    );
    await b.start();
    await b.start();
    assert.equal(told('model trained').length, 1);
    assert.match(told('model loaded').at(-1)!, new RegExp(`^info .*"model":"${row!.version}"`));
    assert.equal((await versions()).length, 1);
  });

  test('another seed is another version: stored, active, and the recent headlines are classified again', async () => {
    await store(b, ['Striker']);
    const first = (await extracted(b))['model'];
    await b.start({ seed });
    const second = await activeVersion(b.db);
    assert.notEqual(second, first);
    assert.deepEqual(new Set(await versions()), new Set([first, second]));
    assert.deepEqual(await verdicts(b), [['sport', first]]);
    assert.deepEqual([(await extracted(b))['model'], await verdicts(b)], [second, [['labour', second]]]);
    await b.start();
    assert.equal(await activeVersion(b.db), first, 'back to the older release, back to its model');
    assert.equal(told('model trained').length, 2);
  });

  test('a person’s choice stays when another seed is shipped, and the log says so', async () => {
    const first = (await activeVersion(b.db))!;
    await activateModel(b.db, first, { pinned: true });
    await b.start({ seed });
    assert.equal(await activeVersion(b.db), first);
    assert.equal((await versions()).length, 2, 'stored it is');
    assert.match(told('a person chose the active model').at(-1)!, /^info .*"shipped":"linear-/);
  });

  test('an activation is heard: the model is swapped before the next event', async () => {
    const version = await other();
    await activateModel(b.db, version, { pinned: true });
    const message = { key: 'classifier_model', value: version };
    await sendBroadcast({ redis: b.redis, names: b.names }, 'config:changes', message);
    await until('the swap', () => told('model swapped').length === 1);
    assert.deepEqual((await b.checks())['model'], { ok: true, detail: version });
  });

  test('an activation that nobody announced reaches the next event', async () => {
    await store(b, ['Striker', 'Rain']);
    await extracted(b);
    assert.deepEqual(await categories(b), ['sport', 'weather']);
    const version = await other();
    await activateModel(b.db, version, { pinned: true });
    const answer = await extracted(b);
    assert.deepEqual([answer['count'], answer['model']], [2, version]);
    assert.deepEqual(await verdicts(b), [
      ['labour', version],
      ['weather', version],
    ]);
  });

  test('a version that is pinned by configuration speaks, whatever is active', async () => {
    const pin = await other();
    await b.start({ pin });
    await store(b, ['Striker']);
    assert.equal((await extracted(b))['model'], pin);
    assert.deepEqual(await categories(b), ['labour']);
    assert.notEqual(await activeVersion(b.db), pin);
  });

  test('a pinned version that is not there: it does not start, and says what there is', async () => {
    const there = await activeVersion(b.db);
    await assert.rejects(b.start({ pin: 'linear-gone' }), (error: Error) => {
      assert.match(error.message, /^CLASSIFIER_MODEL: there is no model "linear-gone"; there are linear-/);
      return error.message.includes(there!);
    });
  });

  test('an active row that is no model: the one in hand serves on, and it is told once', async () => {
    const version = await other();
    await b.db.query(`update models set body = 'rubbish' where version = $1`, [version]);
    await activateModel(b.db, version, { pinned: true });
    await store(b, ['Striker']);
    await extracted(b);
    await extracted(b);
    assert.deepEqual(await categories(b), ['sport']);
    assert.equal(told('the active model cannot be used').length, 1);
    await b.start();
    assert.match((await b.checks())['model']!.detail!, /^linear-/);
    assert.notEqual((await b.checks())['model']!.detail, version, 'the shipped one speaks in its stead');
  });

  test('the shipped row itself is rubbish: it does not start, and names it', async () => {
    const version = await activeVersion(b.db);
    await b.db.query(`update models set body = 'rubbish'`);
    await assert.rejects(b.start(), new RegExp(`the model ${version} cannot be read: incorrect header`));
  });

  test('no row is active any more: the one in hand serves on', async () => {
    const version = (await activeVersion(b.db))!;
    await b.db.query('update models set active = false');
    await deleteModel(b.db, version);
    assert.equal((await extracted(b))['model'], version);
  });

  test('the figures of a shipped model follow when it is quiet, once', async () => {
    await b.start({ quietMs: 0 });
    const version = (await activeVersion(b.db))!;
    await until('figures', async () => (await modelOf(b.db, version))!.metrics.accuracy !== undefined);
    const { metrics } = (await modelOf(b.db, version))!;
    assert.deepEqual([metrics.folds, metrics.unlabelled], [5, 0]);
    assert.ok(metrics.accuracy! > 0.9 && metrics.macro_f1! > 0.9, JSON.stringify(metrics));
    assert.ok(metrics.ece! >= 0 && metrics.ece! < 0.5);
    await until('the line', () => told('model measured').length === 1);
    await b.start({ quietMs: 0 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(told('model measured').length, 1);
  });
});
