import assert from 'node:assert/strict';
import test from 'node:test';
import { runSteps } from '@afk/text';
import { minimise } from './lbfgs.ts';

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
