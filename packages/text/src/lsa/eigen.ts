import type { Steps } from '../cooperate.ts';

/** Values falling; vectors in the columns of a row-major n x n matrix. */
export type Eigen = { values: Float64Array; vectors: Float64Array };

const MOST_SWEEPS = 40;
const TINY = 1e-30;

/** Eigendecomposition of a symmetric n x n matrix (row-major) by cyclic Jacobi rotations (Golub & Van Loan, 8.5). */
export function* eigen(matrix: Float64Array, n: number): Steps<Eigen> {
  const a = matrix.slice();
  // Kept transposed while turning: a rotation then touches two contiguous rows.
  const turned = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) turned[i * n + i] = 1;
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep += 1) {
    const [off, all] = squares(a, n);
    if (off <= TINY * all) break;
    for (let p = 0; p < n - 1; p += 1) for (let q = p + 1; q < n; q += 1) rotate(a, turned, n, p, q);
    yield;
  }
  const order = Array.from({ length: n }, (_, i) => i).toSorted(
    (i, j) => a[j * n + j]! - a[i * n + i]! || i - j,
  );
  const vectors = new Float64Array(n * n);
  for (const [to, from] of order.entries())
    for (let i = 0; i < n; i += 1) vectors[i * n + to] = turned[from * n + i]!;
  return { values: Float64Array.from(order, (i) => a[i * n + i]!), vectors };
}

/** Sum of squares beside the diagonal, and of all. */
function squares(a: Float64Array, n: number): [number, number] {
  let off = 0;
  let all = 0;
  for (let i = 0; i < n * n; i += 1) {
    const square = a[i]! * a[i]!;
    all += square;
    if (i % (n + 1) !== 0) off += square;
  }
  return [off, all];
}

/** Makes a[p][q] zero. */
function rotate(a: Float64Array, turned: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  turnRows(a, n, p, q, c, s);
  for (let k = 0; k < n; k += 1) {
    const kp = a[k * n + p]!;
    const kq = a[k * n + q]!;
    a[k * n + p] = c * kp - s * kq;
    a[k * n + q] = s * kp + c * kq;
  }
  turnRows(turned, n, p, q, c, s);
}

function turnRows(a: Float64Array, n: number, p: number, q: number, c: number, s: number): void {
  const rowP = p * n;
  const rowQ = q * n;
  for (let k = 0; k < n; k += 1) {
    const pk = a[rowP + k]!;
    const qk = a[rowQ + k]!;
    a[rowP + k] = c * pk - s * qk;
    a[rowQ + k] = s * pk + c * qk;
  }
}
