/**
 * A sparse vector in one array: the columns, ascending, then as many weights. Weights are whole numbers, the vector about
 * `UNIT` long: whole numbers add up to the same sum in any order, so a window that was read back from a database gives
 * the very figures of the one that was kept.
 */
export type Vector = Int32Array;

/** A sum of vectors, in the same layout. */
export type Sum = Int32Array | Float64Array;

/** Length of a vector. Sums of 20,000 of them still multiply exactly in a double. */
export const UNIT = 4096;

/** Number of columns. */
export const widthOf = (vector: Sum): number => vector.length >>> 1;

/** From columns that ascend and their weights. */
export function pack(columns: ArrayLike<number>, weights: ArrayLike<number>): Vector {
  const vector = new Int32Array(columns.length * 2);
  vector.set(columns);
  vector.set(weights, columns.length);
  return vector;
}

/** Scales (column, weight) pairs to length `UNIT`, rounds, and sorts them by column; what rounds to 0 is left out. */
export function toVector(pairs: readonly (readonly [column: number, weight: number])[]): Vector {
  let squares = 0;
  for (const [, weight] of pairs) squares += weight * weight;
  const scale = squares > 0 ? UNIT / Math.sqrt(squares) : 0;
  const kept = pairs
    .map(([column, weight]) => [column, Math.round(weight * scale)] as const)
    .filter(([, weight]) => weight > 0)
    .sort(([a], [b]) => a - b);
  return pack(
    kept.map(([column]) => column),
    kept.map(([, weight]) => weight),
  );
}

/** Sum of at least one vector. */
export function sumOf(vectors: readonly Vector[]): Sum {
  if (vectors.length === 1) return vectors[0]!;
  const total = new Map<number, number>();
  for (const vector of vectors) {
    const width = widthOf(vector);
    for (let k = 0; k < width; k += 1) {
      total.set(vector[k]!, (total.get(vector[k]!) ?? 0) + vector[width + k]!);
    }
  }
  const columns = Int32Array.from(total.keys()).sort();
  const sum = new Float64Array(columns.length * 2);
  sum.set(columns);
  for (let k = 0; k < columns.length; k += 1) sum[columns.length + k] = total.get(columns[k]!)!;
  return sum;
}

/** Dot product: each column of the shorter is looked up in the longer by bisection. */
export function dot(x: Sum, y: Sum): number {
  const [short, long] = x.length <= y.length ? [x, y] : [y, x];
  const [few, many] = [widthOf(short), widthOf(long)];
  let product = 0;
  let low = 0;
  for (let k = 0; k < few; k += 1) {
    const column = short[k]!;
    let high = many;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (long[middle]! < column) low = middle + 1;
      else high = middle;
    }
    if (low === many) break;
    if (long[low] === column) product += short[few + k]! * long[many + low]!;
  }
  return product;
}

export function add(x: Sum, y: Sum): Float64Array {
  const [m, n] = [widthOf(x), widthOf(y)];
  let width = 0;
  for (let i = 0, j = 0; i < m || j < n; width += 1) {
    const order = i === m ? 1 : j === n ? -1 : x[i]! - y[j]!;
    if (order <= 0) i += 1;
    if (order >= 0) j += 1;
  }
  const sum = new Float64Array(width * 2);
  for (let i = 0, j = 0, at = 0; at < width; at += 1) {
    const order = i === m ? 1 : j === n ? -1 : x[i]! - y[j]!;
    sum[at] = order <= 0 ? x[i]! : y[j]!;
    if (order <= 0) sum[width + at] = x[m + i++]!;
    if (order >= 0) sum[width + at]! += y[n + j++]!;
  }
  return sum;
}
