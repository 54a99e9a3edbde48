import assert from 'node:assert/strict';
import test from 'node:test';
import { fromJSON, predict, toJSON, train, trainAsync } from './index.ts';
import type { Example } from './index.ts';

const SPORT = ['match', 'goal', 'striker', 'league', 'coach', 'penalty', 'cup'];
const MONEY = ['shares', 'bank', 'inflation', 'profit', 'bond', 'deficit', 'trade'];

// Every pair of a subject's words: enough to learn from, written by no newspaper.
function examplesOf(label: string, words: readonly string[]): Example[] {
  return words.flatMap((a, i) =>
    words.slice(i + 1).map((b) => ({ label, text: `The ${a} and the ${b}`, language: 'en' })),
  );
}

const examples = [...examplesOf('sport', SPORT), ...examplesOf('economy', MONEY)];
const model = train(examples);

test('learns what separates the labels', () => {
  const [sport, economy] = predict(model, [
    { text: 'Striker misses penalty' },
    { text: 'Bank profits fall' },
  ]);
  assert.equal(sport?.label, 'sport');
  assert.equal(economy?.label, 'economy');
  assert.ok((sport?.probability ?? 0) > 0.5);
});

test('parts of words carry over to unseen words', () => {
  const [prediction] = predict(model, [{ text: 'Banking', language: 'en' }]);
  assert.equal(prediction?.label, 'economy');
});

test('probabilities follow the labels and sum to one', () => {
  for (const { label, probability, probabilities } of predict(model, [{ text: 'goal' }, { text: '' }])) {
    assert.equal(probabilities.length, model.labels.length);
    assert.ok(Math.abs(probabilities.reduce((a, b) => a + b, 0) - 1) < 1e-6);
    assert.equal(probability, Math.max(...probabilities));
    assert.equal(model.labels[probabilities.indexOf(probability)], label);
  }
});

test('a text without known features gets the prior', () => {
  const [empty, emoji, spam] = predict(model, [
    { text: '' },
    { text: '🚀\u0000\u202e' },
    { text: 'Ω'.repeat(10_000) },
  ]);
  assert.deepEqual(empty, emoji);
  assert.deepEqual(empty, spam);
  // Far less sure than of a text that says something.
  const [sure] = predict(model, [{ text: 'The goal and the match' }]);
  assert.ok((empty?.probability ?? 1) < (sure?.probability ?? 0));
});

test('the order of the examples changes nothing; options and data change the version', () => {
  assert.deepEqual(toJSON(train(examples.toReversed())), toJSON(model));
  assert.notEqual(train(examples, { l2: 1e-3 }).version, model.version);
  assert.notEqual(train(examples, { unlabelled: [{ text: 'New' }] }).version, model.version);
  assert.notEqual(train(examples, { base: model }).version, model.version);
  assert.notEqual(train(examples.slice(1)).version, model.version);
});

test('JSON round trip predicts the same bits', () => {
  const copy = fromJSON(JSON.parse(JSON.stringify(toJSON(model))));
  const texts = [{ text: 'Cup final goes to penalties' }, { text: 'Trade deficit' }, { text: '' }];
  assert.deepEqual(predict(copy, texts), predict(model, texts));
  assert.deepEqual(toJSON(copy), toJSON(model));
});

test('a damaged model is refused, not half read', () => {
  const json = toJSON(model);
  assert.throws(() => fromJSON({ ...json, labels: [...json.labels, 'weather'] }), TypeError);
  assert.throws(() => fromJSON({ ...json, weights: json.weights.slice(0, 40) }), /weights has 30 values/);
  assert.throws(() => fromJSON({ ...json, format: 1 as 2 }), /format 1/);
  const broken = Buffer.from(json.idf, 'base64');
  broken.writeFloatLE(Number.NaN, 0);
  assert.throws(() => fromJSON({ ...json, idf: broken.toString('base64') }), /idf holds what is no number/);
});

test('one label, one example, no examples', () => {
  const single = train([{ text: 'Rain', label: 'weather' }]);
  assert.equal(predict(single, [{ text: 'anything' }])[0]?.probability, 1);
  assert.throws(() => train([]), RangeError);
  assert.throws(() => train(examples, { alpha: 0 }), /alpha 0: must be positive/);
  assert.throws(() => train(examples, { folds: 1 }), /folds 1/);
});

test('can be aborted, before and under way', async () => {
  assert.throws(() => train(examples, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  const controller = new AbortController();
  const running = trainAsync(examples, { signal: controller.signal });
  setImmediate(() => controller.abort());
  await assert.rejects(running, { name: 'AbortError' });
});

test('trainAsync gives what train gives', async () => {
  assert.deepEqual(toJSON(await trainAsync(examples)), toJSON(model));
});
