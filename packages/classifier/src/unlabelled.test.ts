import assert from 'node:assert/strict';
import test from 'node:test';
import { randomOf } from '@afk/text';
import { fromJSON, predict, toJSON, train, trainAsync } from './index.ts';
import type { Example, Input } from './index.ts';

// Words that share no three letters, so that only their company tells what they are about.
const WORDS = {
  sport: ['zobak', 'luvim', 'redox', 'pyfeg', 'hawun', 'cijot', 'mebus', 'tokaz'],
  money: ['gulip', 'nafer', 'sivod', 'wexam', 'jorut', 'bycen', 'dapol', 'kehig'],
};

/** Three words of one subject each, the labelled ones of its first three words alone. */
function textsOf(label: keyof typeof WORDS, words: number, count: number, seed: number): Example[] {
  const { uniform } = randomOf(seed);
  return Array.from({ length: count }, () => ({
    label,
    language: 'en',
    text: Array.from({ length: 3 }, () => WORDS[label][Math.floor(words * uniform())]).join(' '),
  }));
}

const labelled = [...textsOf('sport', 3, 8, 1), ...textsOf('money', 3, 8, 2)];
const unlabelled: Input[] = [...textsOf('sport', 8, 200, 3), ...textsOf('money', 8, 200, 4)].map(
  ({ text }) => ({ text, language: 'en' }),
);
// Of the words that no labelled text has.
const strange: Example[] = (['sport', 'money'] as const).flatMap((label) =>
  WORDS[label].slice(3).map((word) => ({ label, text: word, language: 'en' })),
);

const right = (examples: readonly Example[], options: Parameters<typeof train>[1]): number => {
  const model = train(examples, options);
  return predict(model, strange).filter(({ label }, i) => label === strange[i]?.label).length;
};

test('unlabelled texts teach words that no labelled one has', () => {
  assert.ok(right(labelled, {}) < strange.length);
  assert.equal(right(labelled, { unlabelled }), strange.length);
});

test('their order and their repetitions change nothing', () => {
  const model = toJSON(train(labelled, { unlabelled }));
  assert.deepEqual(toJSON(train(labelled, { unlabelled: unlabelled.toReversed() })), model);
  assert.deepEqual(toJSON(train(labelled, { unlabelled: [...unlabelled, ...unlabelled] })), model);
});

test('no more are read than allowed, and none is as if none were given', () => {
  const few = train(labelled, { unlabelled, mostUnlabelled: 20 });
  const all = train(labelled, { unlabelled });
  assert.ok(few.vocabulary.size < all.vocabulary.size);
  assert.deepEqual(
    predict(train(labelled, { unlabelled, mostUnlabelled: 0 }), strange),
    predict(train(labelled, { mostUnlabelled: 0 }), strange),
  );
});

test('rubbish among them does no harm', () => {
  const rubbish = ['', '\u0000\u202e', '🚀🚀', 'x'.repeat(100_000), '<script>', '"; drop table'].map(
    (text) => ({ text }),
  );
  assert.equal(right(labelled, { unlabelled: [...unlabelled, ...rubbish] }), strange.length);
});

test('can be aborted while it learns from them', async () => {
  const controller = new AbortController();
  const running = trainAsync(labelled, { unlabelled, signal: controller.signal });
  setImmediate(() => controller.abort(new Error('enough')));
  await assert.rejects(running, /enough/);
});

test('a base model lends what it has learned, and goes with the model', () => {
  // The base knows the strange words under labels of its own; the examples never show them.
  const base = train(
    [...textsOf('sport', 8, 60, 5), ...textsOf('money', 8, 60, 6)].map((example) => ({
      ...example,
      label: example.label === 'sport' ? 'games' : 'business',
    })),
  );
  assert.equal(right(labelled, { base }), strange.length);
  const model = train(labelled, { base });
  const copy = fromJSON(JSON.parse(JSON.stringify(toJSON(model))));
  assert.deepEqual(predict(copy, strange), predict(model, strange));
});

test('probabilities are about as often right as they say', () => {
  // A tenth of the labels is wrong, of the new texts as well: nothing can be surer than .9.
  const noisy = (seed: number, count: number): Example[] => {
    const { uniform } = randomOf(seed);
    return [...textsOf('sport', 8, count, seed + 1), ...textsOf('money', 8, count, seed + 2)].map((example) =>
      uniform() < 0.1 ? { ...example, label: example.label === 'sport' ? 'money' : 'sport' } : example,
    );
  };
  const tests = noisy(50, 500);
  const said = predict(train(noisy(20, 60)), tests);
  const share = said.filter(({ label }, i) => label === tests[i]!.label).length / tests.length;
  const sure = said.reduce((sum, { probability }) => sum + probability, 0) / said.length;
  assert.ok(Math.abs(share - sure) < 0.05, `right ${share}, said ${sure}`);
});
