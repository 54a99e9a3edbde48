import type { Steps } from '@afk/text';

/** Fills `gradient` and returns the value at `point`. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

export type MinimiseOptions = {
  maxIterations?: number;
  /** Stop when the value falls by less than this share in one iteration. */
  tolerance?: number;
  /** Inner product of two vectors, when theirs is not the plain sum of products. */
  inner?: (a: Float64Array, b: Float64Array) => number;
};

const HISTORY = 8;
const SUFFICIENT = 1e-4;
const MAX_HALVINGS = 20;

/**
 * Limited-memory BFGS (Nocedal & Wright 2006, algorithms 7.4 and 7.5) with backtracking line search, for smooth
 * convex objectives. One step an iteration.
 */
export function* minimise(
  objective: Objective,
  start: Float64Array,
  { maxIterations = 100, tolerance = 1e-4, inner = dot }: MinimiseOptions = {},
): Steps<Float64Array> {
  let point: Float64Array = start.slice();
  let gradient: Float64Array = new Float64Array(point.length);
  let value = objective(point, gradient);
  const history: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  for (let iteration = 0; iteration < maxIterations; iteration += 1) {
    yield;
    const direction = descent(gradient, history, inner);
    const slope = inner(gradient, direction);
    if (!(slope < 0)) break;
    // The first direction is the bare gradient, whose length means nothing yet.
    let step = iteration === 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
    let next = moved(point, direction, step);
    const nextGradient = new Float64Array(point.length);
    let nextValue = objective(next, nextGradient);
    for (let h = 0; h < MAX_HALVINGS && !(nextValue <= value + SUFFICIENT * step * slope); h += 1) {
      step /= 2;
      next = moved(point, direction, step);
      nextValue = objective(next, nextGradient);
    }
    if (!(nextValue < value)) break;
    const s = difference(next, point);
    const y = difference(nextGradient, gradient);
    const curvature = inner(s, y);
    if (curvature > 1e-12 * inner(y, y)) history.push({ s, y, rho: 1 / curvature });
    if (history.length > HISTORY) history.shift();
    const done = value - nextValue <= tolerance * Math.abs(value);
    point = next;
    gradient = nextGradient;
    value = nextValue;
    if (done) break;
  }
  return point;
}

/** The two-loop recursion: minus the inverse Hessian's estimate times the gradient. */
function descent(
  gradient: Float64Array,
  history: { s: Float64Array; y: Float64Array; rho: number }[],
  inner: (a: Float64Array, b: Float64Array) => number,
): Float64Array {
  const q = gradient.map((value) => -value);
  const alphas: number[] = [];
  for (const { s, y, rho } of history.toReversed()) {
    const alpha = rho * inner(s, q);
    alphas.push(alpha);
    addScaled(q, y, -alpha);
  }
  const newest = history.at(-1);
  if (newest !== undefined) {
    const scale = 1 / (newest.rho * inner(newest.y, newest.y));
    for (let i = 0; i < q.length; i += 1) q[i] = (q[i] ?? 0) * scale;
  }
  for (const { s, y, rho } of history) addScaled(q, s, (alphas.pop() ?? 0) - rho * inner(y, q));
  return q;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function addScaled(to: Float64Array, what: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i += 1) to[i] = (to[i] ?? 0) + factor * (what[i] ?? 0);
}

function moved(point: Float64Array, direction: Float64Array, step: number): Float64Array {
  const next = point.slice();
  addScaled(next, direction, step);
  return next;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  const result = a.slice();
  addScaled(result, b, -1);
  return result;
}
