import assert from 'node:assert/strict';
import test from 'node:test';
import { runSteps } from '@afk/text';
import { fitLogistic, type Sample } from './logistic.ts';

/** Every cell is stored, so that many columns make few long rows. */
function sampleOf(dense: number[][], targets: number[], weights: number[]): Sample {
  const width = dense[0]!.length;
  return {
    rows: {
      starts: Int32Array.from({ length: dense.length + 1 }, (_, i) => i * width),
      columns: Int32Array.from({ length: dense.length * width }, (_, k) => k % width),
      values: Float32Array.from(dense.flat()),
    },
    targets: Int32Array.from(targets),
    weights: Float64Array.from(weights),
  };
}

/** Largest entry of the plain form's gradient by weights at the solution, worked out from scratch. */
function steepest(dense: number[][], targets: number[], weights: number[], labels: number): number {
  const l2 = 0.1;
  const features = dense[0]!.length;
  const fit = runSteps(fitLogistic(sampleOf(dense, targets, weights), { features, labels }, l2));
  const mass = weights.reduce((a, b) => a + b, 0);
  const gradient = Array.from(fit.weights, (weight) => l2 * weight);
  for (const [i, row] of dense.entries()) {
    const logits = Array.from({ length: labels }, (_, c) =>
      row.reduce((sum, x, f) => sum + x * fit.weights[f * labels + c]!, fit.intercepts[c]!),
    );
    const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
    for (const [c, logit] of logits.entries()) {
      const residual = Math.exp(logit) / sum - (targets[i] === c ? 1 : 0);
      for (const [f, x] of row.entries()) gradient[f * labels + c]! += (x * residual * weights[i]!) / mass;
    }
  }
  return Math.max(...gradient.map(Math.abs));
}

test('at the solution the gradient of the plain form vanishes', () => {
  // More rows than cells in a row: by way of the features.
  const dense = [
    [1, 0],
    [0, 1],
    [0.6, 0.8],
    [0.8, 0.6],
  ];
  assert.ok(steepest(dense, [0, 1, 1, 2], [1, 1, 1, 0.25], 3) < 0.01);
});

test('and so it does where rows are long, and X X is used', () => {
  const dense = [0, 1, 2].map((i) => Array.from({ length: 12 }, (_, f) => ((i * 7 + f * 5) % 11) / 22));
  assert.ok(steepest(dense, [0, 1, 1], [1, 0.5, 1], 2) < 0.01);
});

test('a row of weight zero changes nothing', () => {
  const dense = [
    [1, 0],
    [0, 1],
    [1, 0],
  ];
  const shape = { features: 2, labels: 2 };
  const both = [
    runSteps(fitLogistic(sampleOf(dense, [0, 1, 1], [1, 1, 0]), shape, 0.01)),
    runSteps(fitLogistic(sampleOf(dense.slice(0, 2), [0, 1], [1, 1]), shape, 0.01)),
  ];
  for (const [k, weight] of both[0]!.weights.entries())
    assert.ok(Math.abs(weight - both[1]!.weights[k]!) < 1e-6);
});
