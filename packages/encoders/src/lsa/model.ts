/**
 * Latent semantic analysis of a collection of headlines (Deerwester et al. 1990): the words that it knows, and where each of them
 * points.
 */
export type LsaModel = {
  /** Hash of the content: two models of one version give the same vectors. */
  readonly version: string;
  /** Documents that it was fitted to. */
  readonly documents: number;
  /** Of their recurring word occurrences, the share that did not get into the vocabulary. */
  readonly leftOut: number;
  /** Components; the dimension of the vectors. */
  readonly rank: number;
  /** Stem -> row. */
  readonly rows: ReadonlyMap<string, number>;
  /** By row: 1 for a word of one document, near 0 for one that is everywhere alike. */
  readonly weights: Float32Array;
  /** V: rows x rank, row-major. */
  readonly components: Float32Array;
};

/** Adds a text's direction to `sums` (rank): log(1 + tf) x weight x component. Whether it has a known term. */
export function project(model: LsaModel, counts: ReadonlyMap<string, number>, sums: Float64Array): boolean {
  const { rank, rows, weights, components } = model;
  let known = false;
  for (const [term, count] of counts) {
    const row = rows.get(term);
    if (row === undefined) continue;
    known = true;
    const weight = Math.log1p(count) * weights[row]!;
    for (let j = 0; j < rank; j += 1) sums[j] = sums[j]! + weight * components[row * rank + j]!;
  }
  return known;
}

/** Length one, or zero where there is nothing but rounding. */
export function unit(sums: Float64Array): Float32Array {
  let squares = 0;
  for (const value of sums) squares += value * value;
  const scale = squares > 1e-20 ? 1 / Math.sqrt(squares) : 0;
  return Float32Array.from(sums, (value) => value * scale);
}
