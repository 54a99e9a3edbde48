import assert from 'node:assert/strict';
import test from 'node:test';
import { runSteps } from '@afk/text';
import { fitTemperature, logLoss } from './calibration.ts';
import { minimise } from './lbfgs.ts';
import { fitLogistic } from './logistic.ts';

test('finds the minimum of a badly scaled quadratic', () => {
  const scales = [1, 10, 1000];
  const point = runSteps(
    minimise(
      (x, gradient) =>
        scales.reduce((sum, scale, i) => {
          const offset = (x[i] ?? 0) - i;
          gradient[i] = scale * offset;
          return sum + (scale / 2) * offset ** 2;
        }, 0),
      new Float64Array(3),
      { tolerance: 1e-15 },
    ),
  );
  for (const [i, value] of point.entries()) assert.ok(Math.abs(value - i) < 1e-4, `${i}: ${value}`);
});

test('at the solution the gradient of the plain form vanishes', () => {
  // Three rows, two features, two labels: small enough to check by hand.
  const rows = {
    starts: Int32Array.of(0, 1, 2, 4),
    columns: Int32Array.of(0, 1, 0, 1),
    values: Float32Array.of(1, 1, 0.6, 0.8),
  };
  const targets = Int32Array.of(0, 1, 1);
  const l2 = 0.1;
  const { weights, intercepts } = runSteps(fitLogistic(rows, targets, { features: 2, labels: 2, l2 }));
  const dense = [
    [1, 0],
    [0, 1],
    [0.6, 0.8],
  ];
  for (const [f, c] of [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ] as const) {
    let gradient = l2 * (weights[f * 2 + c] ?? 0);
    for (const [i, row] of dense.entries()) {
      const logit = (label: number): number =>
        (intercepts[label] ?? 0) + row.reduce((sum, x, k) => sum + x * (weights[k * 2 + label] ?? 0), 0);
      const probability = Math.exp(logit(c)) / (Math.exp(logit(0)) + Math.exp(logit(1)));
      gradient += ((row[f] ?? 0) * (probability - (targets[i] === c ? 1 : 0))) / 3;
    }
    assert.ok(Math.abs(gradient) < 0.01, `${f},${c}: ${gradient}`);
  }
});

test('the temperature found is the best on a grid', () => {
  // Overconfident: margin 4, right three times of four; the answer is 4 / ln 3.
  const logits = Float64Array.of(4, 0, 4, 0, 4, 0, 4, 0);
  const targets = Int32Array.of(0, 0, 0, 1);
  const temperature = fitTemperature(logits, targets, 2);
  assert.ok(Math.abs(temperature - 4 / Math.log(3)) < 1e-3);
  for (const other of [0.1, 1, 3, 5, 10]) {
    assert.ok(logLoss(logits, targets, 2, temperature) <= logLoss(logits, targets, 2, other));
  }
});
