/** Directions: `count` rows of length 1 and `width` coordinates, row-major. */
export type Points = { count: number; width: number; values: Float32Array };

/** Each point's group, 0 .. groups - 1, or -1: in none. Every group has a point. */
export type Partition = { groups: number; of: Int32Array };

/** x[a ..] . y[b ..] over `width` coordinates, in double precision. Four sums: the processor adds them side by side. */
export function dot(x: Float32Array, a: number, y: Float32Array, b: number, width: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let j = 0;
  for (; j + 3 < width; j += 4) {
    s0 += x[a + j]! * y[b + j]!;
    s1 += x[a + j + 1]! * y[b + j + 1]!;
    s2 += x[a + j + 2]! * y[b + j + 2]!;
    s3 += x[a + j + 3]! * y[b + j + 3]!;
  }
  for (; j < width; j += 1) s0 += x[a + j]! * y[b + j]!;
  return s0 + s1 + (s2 + s3);
}

/** The sum of each group's points: groups x width. */
export function sumsOf({ width, values }: Points, { groups, of }: Partition): Float64Array {
  const sums = new Float64Array(groups * width);
  for (const [i, group] of of.entries()) {
    if (group < 0) continue;
    const to = group * width;
    const from = i * width;
    for (let j = 0; j < width; j += 1) sums[to + j] = sums[to + j]! + values[from + j]!;
  }
  return sums;
}

/** The directions of the groups' sums. A sum of nothing stays zero. */
export function centroidsOf(points: Points, partition: Partition): Points {
  const { width } = points;
  const sums = sumsOf(points, partition);
  const values = new Float32Array(sums.length);
  for (let at = 0; at < sums.length; at += width) {
    const length = Math.sqrt(squaresOf(sums.subarray(at, at + width)));
    if (length > 0) for (let j = 0; j < width; j += 1) values[at + j] = sums[at + j]! / length;
  }
  return { count: partition.groups, width, values };
}

export function squaresOf(row: Float64Array): number {
  let squares = 0;
  for (let j = 0; j < row.length; j += 1) squares += row[j]! * row[j]!;
  return squares;
}

export function sizesOf({ groups, of }: Partition): Int32Array {
  const sizes = new Int32Array(groups);
  for (const group of of) if (group >= 0) sizes[group]! += 1;
  return sizes;
}

/** Numbers the groups that have a point anew, in order of their first point; -1 stays. */
export function compact(of: Int32Array): Partition {
  const numbers = new Map<number, number>();
  const renumbered = of.map((group) => {
    if (group < 0) return -1;
    const number = numbers.get(group) ?? numbers.size;
    numbers.set(group, number);
    return number;
  });
  return { groups: numbers.size, of: renumbered };
}
