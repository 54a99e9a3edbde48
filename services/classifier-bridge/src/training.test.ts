import assert from 'node:assert/strict';
import { test } from 'node:test';
import { train } from '@afk/classifier';
import { opinionFor } from './domain/opinion.ts';
import { figuresOf } from './models/figures.ts';
import { nameOf } from './models/pack.ts';
import { smallSeed } from './testing/small-seed.ts';
import { corrected, measure, readLabels, trainRow } from './training.ts';

test('figures: accuracy, mean F1 of the labels that occur, and how far certainty is from being right', () => {
  const said = [opinionFor('sport', 0.9), opinionFor('sport', 0.9), opinionFor('weather', 0.6)];
  const figures = figuresOf(said, ['sport', 'weather', 'weather']);
  assert.ok(Math.abs(figures.accuracy - 2 / 3) < 1e-12);
  // sport: 1 right of 2 given and 1 wanted; weather: 1 right of 1 given and 2 wanted.
  assert.ok(Math.abs(figures.macro_f1 - 2 / 3) < 1e-12);
  // At .9: half is right, twice .4 too sure; at .6 once .4 too unsure.
  assert.ok(Math.abs(figures.ece - 0.4) < 1e-9, String(figures.ece));
});

test('cross-validation judges each by what was learned from the others', async () => {
  const told: number[] = [];
  const figures = await measure({ examples: smallSeed }, (done) => told.push(done));
  assert.ok(figures.accuracy > 0.9);
  assert.deepEqual(told, [1, 2, 3, 4, 5]);
  // Labels that follow from nothing cannot be told for texts that were held out.
  const noise = smallSeed.map((e, i) => ({ ...e, text: `word${i}`, label: i % 2 ? 'sport' : 'weather' }));
  assert.ok((await measure({ examples: noise })).accuracy <= 0.6);
  const other = await measure({ examples: smallSeed.toReversed() });
  assert.deepEqual(other, figures, 'their order changes nothing');
});

test('headlines without labels count once, and not at all where they have one', async () => {
  const unlabelled = ['Goal cup!', 'Snow tonight', 'SNOW, tonight', '...'].map((text) => ({ text }));
  const row = await trainRow({ examples: smallSeed, unlabelled });
  assert.equal(row.metrics.unlabelled, 1);
  assert.deepEqual(row.metrics.labels, { sport: 16, weather: 16 });
  const plain = await trainRow({ examples: smallSeed });
  assert.notEqual(row.version, plain.version, 'what it has learned from names it');
  assert.equal(plain.version, nameOf(train(smallSeed)), 'the same as by itself');
});

test('training ends when it must', async () => {
  const stop = new AbortController();
  const training = trainRow({ examples: smallSeed, signal: stop.signal });
  stop.abort(new Error('enough'));
  await assert.rejects(training, /enough/);
});

test('a correction takes the place of what the seed says of that headline, the last one of several', () => {
  const file = 'sport\tGOAL,  cup\nweather\tRain of goals\nlabour\tgoal cup\n';
  const labels = readLabels(file, undefined, 'mine.tsv');
  const examples = corrected(smallSeed, labels);
  assert.equal(examples.length, smallSeed.length + 1);
  assert.deepEqual(
    examples.filter((e) => /^goal\W+cup$/i.test(e.text)),
    [{ text: 'goal cup', label: 'labour' }],
  );
});
