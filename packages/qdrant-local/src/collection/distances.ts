/** Of the query with the numbers of `a` from `start` on; sums are of 64 bits. */
export type Distance = (a: Float32Array, start: number, query: Float32Array) => number;

export const dot: Distance = (a, start, query) => {
  // Sums that do not wait for each other are computed side by side.
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  const whole = query.length & ~3;
  let i = 0;
  for (; i < whole; i += 4) {
    sum0 += (a[start + i] as number) * (query[i] as number);
    sum1 += (a[start + i + 1] as number) * (query[i + 1] as number);
    sum2 += (a[start + i + 2] as number) * (query[i + 2] as number);
    sum3 += (a[start + i + 3] as number) * (query[i + 3] as number);
  }
  for (; i < query.length; i++) sum0 += (a[start + i] as number) * (query[i] as number);
  return sum0 + sum1 + (sum2 + sum3);
};

export const euclid: Distance = (a, start, query) => {
  let sum = 0;
  for (let i = 0; i < query.length; i++) {
    const difference = (a[start + i] as number) - (query[i] as number);
    sum += difference * difference;
  }
  return Math.sqrt(sum);
};

export const manhattan: Distance = (a, start, query) => {
  let sum = 0;
  for (let i = 0; i < query.length; i++) sum += Math.abs((a[start + i] as number) - (query[i] as number));
  return sum;
};
