import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excerptOf, segmentsOf, type Ranges } from './marks.ts';

const shown = (text: string, ranges: Ranges): string =>
  segmentsOf(text, ranges)
    .map((s) => (s.marked ? `[${s.text}]` : s.text))
    .join('');

test('a text in its marked and its other parts', () => {
  assert.equal(
    shown('River over its banks', [
      [0, 5],
      [15, 20],
    ]),
    '[River] over its [banks]',
  );
  assert.equal(shown('whole', [[0, 5]]), '[whole]');
  assert.equal(shown('none', []), 'none');
  assert.equal(shown('💧 é', [[0, 2]]), '[💧] é');
  assert.deepEqual(segmentsOf('', []), []);
});

test('what fits no text marks nothing, and loses none of it', () => {
  const odd: Ranges = [
    [3, 3],
    [1, 2],
    [1, 9],
    [0, 2],
    [4, 99],
  ];
  assert.equal(shown('text', odd), 't[e]xt');
});

const summary = `${'Words that come before it, '.repeat(8)}then the river, ${'and words that come after it, '.repeat(9)}end.`;
const at = summary.indexOf('river');

test('an excerpt is the part around the first mark, from word to word, with its marks', () => {
  const excerpt = excerptOf(summary, [[at, at + 5]])!;
  assert.ok(excerpt.text.length < 180, `${excerpt.text.length}`);
  assert.match(excerpt.text, /^… \w+/);
  assert.match(excerpt.text, /\w,? …$/);
  assert.match(shown(excerpt.text, excerpt.ranges), / the \[river\], and /);
});

test('a short text is its own excerpt; without a mark there is none', () => {
  assert.deepEqual(excerptOf('By the river.', [[7, 12]]), { text: 'By the river.', ranges: [[7, 12]] });
  assert.equal(excerptOf('By the river.', []), undefined);
  const long = `${'x'.repeat(300)} ${'y'.repeat(300)}`;
  assert.equal(excerptOf(long, [[301, 601]])!.text, `… ${'y'.repeat(300)}`);
});
