/** How relevant each document is to a query, by id: numbers above 0; a document that is not named is not relevant. */
export type Grades = ReadonlyMap<string, number>;

/**
 * nDCG of the first `depth` of a list, as trec_eval's ndcg_cut has it: the gain is the grade itself, the discount
 * log2(rank + 1), and the ideal list holds all relevant documents, also those that nothing can find. 0 where none is.
 */
export function ndcg(ranked: readonly string[], grades: Grades, depth: number): number {
  const ideal = dcg([...grades.values()].sort((a, b) => b - a).slice(0, depth));
  if (ideal === 0) return 0;
  return dcg(ranked.slice(0, depth).map((id) => grades.get(id) ?? 0)) / ideal;
}

const dcg = (gains: readonly number[]): number =>
  gains.reduce((sum, gain, i) => sum + gain / Math.log2(i + 2), 0);

/** Share of the relevant documents that are among the first `depth`. 0 where none is relevant. */
export function recall(ranked: readonly string[], grades: Grades, depth: number): number {
  if (grades.size === 0) return 0;
  return ranked.slice(0, depth).filter((id) => grades.has(id)).length / grades.size;
}

/** @throws RangeError without any value */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('no values, no mean');
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
