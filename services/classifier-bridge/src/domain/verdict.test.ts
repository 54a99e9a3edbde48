import assert from 'node:assert/strict';
import { test } from 'node:test';
import { train } from '@afk/classifier';
import { linearOpinions, noOpinion, opinionFor, opinionFrom, type Opinion } from './opinion.ts';
import { classifyTogether, verdictOf } from './verdict.ts';

const words = { sport: ['goal', 'cup', 'match', 'striker'], weather: ['rain', 'storm', 'sunny', 'frost'] };
const model = train(
  Object.entries(words).flatMap(([label, some]) =>
    some.flatMap((a) => some.map((b) => ({ text: `${a} ${b} today`, label, language: 'en' }))),
  ),
);
const say = (...texts: string[]): Opinion[] =>
  linearOpinions(
    model,
    texts.map((text) => ({ text, language: 'en' })),
  );

test('a category where the model is sure enough, else none; the probability is told either way', () => {
  const [goal, nothing] = say('goal in the cup match', 'xyzzy').map((o) => verdictOf(o, 0.8));
  assert.equal(goal!.category, 'sport');
  assert.ok(goal!.probability > 0.8 && goal!.probability <= 1);
  assert.equal(nothing!.category, null);
  assert.ok(nothing!.probability >= 0.5 && nothing!.probability < 0.8);
});

test('together: the texts vote, and one that is off the subject does not decide', () => {
  const verdict = classifyTogether(say('rain', 'storm', 'frost', 'goal cup match striker'), 0.3);
  assert.equal(verdict.category, 'weather');
  const [alone] = say('rain').map((o) => verdictOf(o, 0).probability);
  assert.ok(verdict.probability < alone!, 'less sure than where all agree');
});

test('together: below the threshold, or without a text, there is no category', () => {
  assert.equal(classifyTogether(say('rain', 'goal'), 0.95).category, null);
  assert.deepEqual(classifyTogether([], 0.3), { category: null, probability: 0 });
});

test('"unsure" is no vote: alone it gives no category at any threshold, beside others it changes little', () => {
  assert.equal(verdictOf(noOpinion(), 0).category, null);
  const sport = opinionFor('sport', 0.8);
  assert.equal(classifyTogether([noOpinion(), sport], 0.3).category, 'sport');
  assert.equal(classifyTogether([noOpinion(), noOpinion()], 0).category, null);
});

test('a label that was said stays the likeliest, however little its probability', () => {
  for (const p of [0, 0.01, 0.5, 1]) {
    const opinion = opinionFor('weather', p);
    assert.equal(verdictOf(opinion, 0).category, 'weather', String(p));
    assert.ok(Math.abs(opinion.reduce((a, b) => a + b, 0) - 1) < 1e-12);
  }
  const scaled = verdictOf(opinionFrom({ sport: 0.6, health: 0.2 }), 0.3);
  assert.equal(scaled.category, 'sport');
  assert.ok(Math.abs(scaled.probability - 0.75) < 1e-12);
});
