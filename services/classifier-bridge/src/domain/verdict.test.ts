import assert from 'node:assert/strict';
import { test } from 'node:test';
import { train } from '@afk/classifier';
import { classifyTexts, classifyTogether } from './verdict.ts';

const words = { sport: ['goal', 'cup', 'match', 'striker'], weather: ['rain', 'storm', 'sunny', 'frost'] };
const model = train(
  Object.entries(words).flatMap(([label, some]) =>
    some.flatMap((a) => some.map((b) => ({ text: `${a} ${b} today`, label, language: 'en' }))),
  ),
);
const text = (t: string) => ({ text: t, language: 'en' });

test('a category where the model is sure enough, else none; the probability is told either way', () => {
  const [goal, nothing] = classifyTexts(model, [text('goal in the cup match'), text('xyzzy')], 0.8);
  assert.equal(goal!.category, 'sport');
  assert.ok(goal!.probability > 0.8 && goal!.probability <= 1);
  assert.equal(nothing!.category, null);
  assert.ok(nothing!.probability >= 0.5 && nothing!.probability < 0.8);
  assert.deepEqual(classifyTexts(model, [], 0.8), []);
});

test('together: the texts vote, and one that is off the subject does not decide', () => {
  const verdict = classifyTogether(
    model,
    ['rain', 'storm', 'frost', 'goal cup match striker'].map(text),
    0.3,
  );
  assert.equal(verdict.category, 'weather');
  const alone = classifyTexts(model, [text('rain')], 0)[0]!.probability;
  assert.ok(verdict.probability < alone, 'less sure than where all agree');
});

test('together: below the threshold, or without a text, there is no category', () => {
  assert.equal(classifyTogether(model, ['rain', 'goal'].map(text), 0.95).category, null);
  assert.deepEqual(classifyTogether(model, [], 0.3), { category: null, probability: 0 });
});
