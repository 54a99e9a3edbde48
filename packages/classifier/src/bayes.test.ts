import assert from 'node:assert/strict';
import test from 'node:test';
import { complementBayes } from './bayes.ts';

const sample = {
  rows: {
    starts: Int32Array.of(0, 2, 3),
    columns: Int32Array.of(0, 1, 1),
    values: Float32Array.of(2, 1, 1),
  },
  targets: Int32Array.of(0, 1),
  weights: Float64Array.of(1, 1),
};

test('weights worked out by hand', () => {
  const weights = complementBayes(sample, { features: 3, labels: 2 }, 0.5);
  // Totals 3 and 1, two known features: ln(4 - 3 + 1) and ln(4 - 1 + 1); of the others feature 0 has 0 and 2, feature 1 has 1 and 1.
  const first = [Math.log(2) - Math.log(0.5), Math.log(4) - Math.log(2.5)];
  const second = [Math.log(2) - Math.log(1.5), Math.log(4) - Math.log(1.5)];
  const expected = [first, second].flatMap(([a, b]) => [(a! - b!) / 2, (b! - a!) / 2]);
  for (const [k, value] of expected.entries()) assert.ok(Math.abs(weights[k]! - value) < 1e-9, `${k}`);
  // Nobody has seen feature 2.
  assert.deepEqual([...weights.subarray(4)], [0, 0]);
});

test('example weights count like repeated examples', () => {
  const shape = { features: 2, labels: 2 };
  const twice = {
    rows: {
      starts: Int32Array.of(0, 2, 3, 4),
      columns: Int32Array.of(0, 1, 1, 1),
      values: Float32Array.of(2, 1, 1, 1),
    },
    targets: Int32Array.of(0, 1, 1),
    weights: Float64Array.of(1, 1, 1),
  };
  const weighted = { ...sample, weights: Float64Array.of(1, 2) };
  assert.deepEqual(complementBayes(weighted, shape, 0.3), complementBayes(twice, shape, 0.3));
});
