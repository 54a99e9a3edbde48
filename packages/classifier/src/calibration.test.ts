import assert from 'node:assert/strict';
import test from 'node:test';
import { fitTemperature, logLoss } from './calibration.ts';
import { softmax } from './logistic.ts';
import { fitMixture, spreadOf } from './mixture.ts';
import { randomOf, runSteps } from '@afk/text';

test('the temperature found is the best on a grid', () => {
  // Overconfident: margin 4, right three times of four, and a fifth of the target for no label in particular: .75 becomes .7.
  const logits = Float64Array.of(4, 0, 4, 0, 4, 0, 4, 0);
  const targets = Int32Array.of(0, 0, 0, 1);
  const { temperature, loss } = fitTemperature(logits, targets, 2);
  assert.ok(Math.abs(temperature - 4 / Math.log(0.7 / 0.3)) < 1e-3, `${temperature}`);
  for (const other of [0.1, 1, 3, 5, 10])
    assert.ok(loss <= logLoss(logits, targets, 2, { temperature: other, smoothing: 0.2 }));
});

test('a few right answers do not make certainty', () => {
  const { temperature } = fitTemperature(Float64Array.of(1, 0, 0, 1, 1, 0), Int32Array.of(0, 1, 0), 2);
  const shares = Float64Array.of(1 / temperature, 0);
  softmax(shares, 2);
  assert.ok(shares[0]! < 0.95, `${shares[0]}`);
});

/** Logits of two labels for 400 texts, the right one ahead by `margin` in the mean, with noise. */
function member(seed: number, margin: number, scale: number): Float64Array {
  const { gaussian } = randomOf(seed);
  return Float64Array.from({ length: 800 }, (_, k) => {
    const right = k % 2 === Math.floor(k / 2) % 2;
    return scale * ((right ? margin / 2 : -margin / 2) + gaussian());
  });
}
const targets = Int32Array.from({ length: 400 }, (_, i) => i % 2);
const loss = (logits: Float64Array): number => logLoss(logits, targets, 2, { temperature: 1 });
const mixed = (a: Float64Array, b: Float64Array, [x, y]: readonly [number, number]): Float64Array =>
  a.map((value, i) => x * value + y * b[i]!);

test('a mixture is better than each member alone, whatever their scale', () => {
  const [a, b] = [member(1, 1, 1), member(2, 1, 50)];
  const both = loss(mixed(a, b, runSteps(fitMixture(a, b, targets, 2))));
  for (const own of [a, b]) {
    const { temperature } = fitTemperature(own, targets, 2);
    assert.ok(both < loss(own.map((value) => value / temperature)) - 0.02);
  }
});

test('a member that knows nothing gets little', () => {
  const [good, useless] = [member(1, 3, 1), member(2, 0, 1)];
  const [x, y] = runSteps(fitMixture(good, useless, targets, 2));
  assert.ok((y * spreadOf(useless)) / (x * spreadOf(good)) < 0.3);
});
