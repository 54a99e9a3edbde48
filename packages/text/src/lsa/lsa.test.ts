import assert from 'node:assert/strict';
import test from 'node:test';
import { runSteps, runStepsAsync } from '../cooperate.ts';
import { normalise, tfidf } from '../sparse.ts';
import type { Rows } from '../sparse.ts';
import { fitLsa, foldIn } from './lsa.ts';
import { randomOf } from './random.ts';

/** Rows of a dense matrix, not normalised. */
function rowsOf(dense: number[][], width = dense[0]?.length ?? 0): Rows {
  const cells = dense.map((row) => row.flatMap((value, column) => (value === 0 ? [] : [{ column, value }])));
  const starts = new Int32Array(dense.length + 1);
  for (const [i, row] of cells.entries()) starts[i + 1] = starts[i]! + row.length;
  return {
    starts,
    columns: Int32Array.from(cells.flat(), ({ column }) => column),
    values: Float64Array.from(cells.flat(), ({ value }) => value),
    width,
  };
}

/** Texts on `subjects` subjects with words of their own, as TF-IDF. */
function corpusOf(texts: number, subjects: number, seed: number): Rows {
  const { uniform } = randomOf(seed);
  const counts = Array.from({ length: texts }, (_, i) => {
    const row = new Map<number, number>();
    for (let w = 0; w < 12; w += 1) {
      const word = (i % subjects) * 40 + Math.floor(40 * uniform() ** 2);
      row.set(word, (row.get(word) ?? 0) + 1);
    }
    return row;
  });
  return tfidf(counts, subjects * 40);
}

const near = (a: number, b: number, tolerance = 1e-5): void =>
  assert.ok(Math.abs(a - b) < tolerance, `${a} is not ${b}`);

test('a matrix with a known decomposition', () => {
  // A = [[3,0],[4,5]]: singular values sqrt(45) and sqrt(5), V = (1,1)/sqrt 2 and (1,-1)/sqrt 2.
  const lsa = runSteps(
    fitLsa(
      rowsOf([
        [3, 0],
        [4, 5],
      ]),
    ),
  );
  assert.equal(lsa.rank, 2);
  near(lsa.singular[0]!, Math.sqrt(45));
  near(lsa.singular[1]!, Math.sqrt(5));
  for (const entry of lsa.components) near(Math.abs(entry), Math.SQRT1_2);
  near(lsa.components[0]!, lsa.components[2]!);
  near(lsa.components[1]!, -lsa.components[3]!);
});

test('a diagonal: values fall, the largest entry of a component is positive', () => {
  const lsa = runSteps(
    fitLsa(
      rowsOf([
        [1, 0, 0],
        [0, -5, 0],
        [0, 0, 3],
      ]),
      { rank: 2 },
    ),
  );
  assert.deepEqual(
    [...lsa.singular].map((value) => Math.round(value * 1e4) / 1e4),
    [5, 3],
  );
  near(lsa.components[1 * 2 + 0]!, 1);
  near(lsa.components[2 * 2 + 1]!, 1);
});

test('components are orthonormal and explain the matrix', () => {
  const rows = corpusOf(300, 6, 7);
  const { rank, components, width, singular } = runSteps(fitLsa(rows, { rank: 30 }));
  assert.equal(rank, 30);
  for (let a = 0; a < rank; a += 1) {
    for (let b = 0; b <= a; b += 1) {
      let sum = 0;
      for (let i = 0; i < width; i += 1) sum += components[i * rank + a]! * components[i * rank + b]!;
      near(sum, a === b ? 1 : 0);
    }
    assert.ok(a === 0 || singular[a]! <= singular[a - 1]!);
  }
});

test('texts on a subject come together, also without a common word', () => {
  const rows = corpusOf(300, 6, 7);
  const lsa = runSteps(fitLsa(rows, { rank: 6 }));
  const at = foldIn(lsa, rows);
  const cosine = (i: number, j: number): number =>
    at.subarray(i * 6, i * 6 + 6).reduce((sum, value, c) => sum + value * at[j * 6 + c]!, 0);
  for (let i = 0; i < 60; i += 1) {
    assert.ok(cosine(i, i + 6) > 0.8, `text ${i}: ${cosine(i, i + 6)}`);
    assert.ok(cosine(i, i + 1) < 0.3, `text ${i}: ${cosine(i, i + 1)}`);
  }
});

test('fewer dimensions than asked for: rank follows the matrix', () => {
  // Rank 2: the third row is the sum of the others, the fourth a copy.
  const dense = [
    [1, 2, 0, 0, 1],
    [0, 1, 1, 0, 0],
    [1, 3, 1, 0, 1],
    [1, 2, 0, 0, 1],
  ];
  const lsa = runSteps(fitLsa(rowsOf(dense)));
  assert.equal(lsa.rank, 2);
  assert.ok(lsa.components.every(Number.isFinite));
  const at = foldIn(lsa, rowsOf(dense));
  assert.deepEqual(at.subarray(0, 2), at.subarray(6, 8));
  assert.equal(runSteps(fitLsa(corpusOf(20, 2, 1), { rank: 500 })).rank, 20);
});

test('nothing to fit: empty matrix, empty rows, no columns', () => {
  for (const rows of [
    rowsOf([]),
    rowsOf([
      [0, 0, 0],
      [0, 0, 0],
    ]),
    rowsOf([[], []], 0),
  ]) {
    const lsa = runSteps(fitLsa(rows));
    assert.equal(lsa.rank, 0);
    assert.equal(foldIn(lsa, rows).length, 0);
  }
});

test('an empty row stays zero, others have length one', () => {
  const lsa = runSteps(fitLsa(corpusOf(100, 4, 3), { rank: 8 }));
  const at = foldIn(
    lsa,
    normalise({
      starts: Int32Array.of(0, 0, 2),
      columns: Int32Array.of(1, 2),
      values: Float64Array.of(1, 4),
      width: 160,
    }),
  );
  assert.ok(at.subarray(0, 8).every((value) => value === 0));
  near(Math.hypot(...at.subarray(8, 16)), 1);
});

test('the same seed gives the same bits, at once or in turns', async () => {
  const rows = corpusOf(200, 5, 2);
  const first = runSteps(fitLsa(rows, { rank: 20 }));
  assert.deepEqual(await runStepsAsync(fitLsa(rows, { rank: 20 })), first);
  // Another seed starts elsewhere and ends in the same plane.
  const other = runSteps(fitLsa(rows, { rank: 5, seed: 9 }));
  for (const [i, value] of other.singular.entries()) near(value, first.singular[i]!, 1e-3);
});

test('stops between slices when aborted', async () => {
  const controller = new AbortController();
  const running = runStepsAsync(fitLsa(corpusOf(2000, 20, 2)), controller.signal);
  setImmediate(() => controller.abort());
  await assert.rejects(running, { name: 'AbortError' });
});

test('options and rows that do not fit are refused by name', () => {
  assert.throws(() => runSteps(fitLsa(corpusOf(10, 2, 1), { rank: 1.5 })), /rank 1.5/);
  assert.throws(() => runSteps(fitLsa(corpusOf(10, 2, 1), { seed: Number.NaN })), /seed NaN/);
  const lsa = runSteps(fitLsa(corpusOf(10, 2, 1)));
  assert.throws(() => foldIn(lsa, corpusOf(10, 3, 1)), /width 120, fitted to 80/);
});

test('normal numbers have mean 0 and variance 1', () => {
  const { gaussian } = randomOf(5);
  const values = Array.from({ length: 20_000 }, gaussian);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  near(mean, 0, 0.03);
  near(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length, 1, 0.04);
});
