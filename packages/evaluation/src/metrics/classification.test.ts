import assert from 'node:assert/strict';
import test from 'node:test';
import { accuracy, calibrationError, calibrationNoise, macroF1, type Outcome } from './classification.ts';

const near = (value: number, expected: number): void =>
  assert.ok(Math.abs(value - expected) < 1e-12, `${value} is not ${expected}`);

const told = (gold: string, label: string, probability = 1): Outcome => ({ gold, label, probability });

test('figures worked out by hand', () => {
  const outcomes = [told('a', 'a'), told('a', 'a'), told('a', 'b'), told('b', 'b'), told('c', 'b')];
  near(accuracy(outcomes), 3 / 5);
  // a: precision 1, recall 2/3; b: precision 1/3, recall 1; c: never told.
  near(macroF1(outcomes), (4 / 5 + 1 / 2 + 0) / 3);
});

test('a label that was told and is never right counts', () => {
  near(macroF1([told('a', 'a'), told('a', 'z')]), 2 / 3 / 2);
});

test('calibration error: the gap in each bin, weighted by its size', () => {
  // Two at .9, one of them right (gap .4); two at .5, one of them right (no gap).
  const outcomes = [told('a', 'a', 0.9), told('a', 'b', 0.9), told('a', 'a', 0.5), told('a', 'b', 0.5)];
  near(calibrationError(outcomes), (2 * 0.4) / 4);
  near(calibrationError([told('a', 'a', 1), told('b', 'b', 1)]), 0);
  near(calibrationError([told('a', 'b', 1)]), 1);
});

test('noise: what even perfect calibration shows, less on more texts', () => {
  const some = (n: number): Outcome[] =>
    Array.from({ length: n }, (_, i) => told('a', 'a', 0.3 + (0.6 * i) / n));
  const few = calibrationNoise(some(100));
  const many = calibrationNoise(some(10_000));
  assert.ok(few > 0.05 && few < 0.2, `${few}`);
  assert.ok(many > 0.003 && many < 0.02, `${many}`);
  assert.equal(calibrationNoise(some(100)), few);
});
