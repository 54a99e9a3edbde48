/** How many headlines each pair of (gold, found) labels has, and each label alone. */
type Contingency = { n: number; cells: Cell[]; gold: Int32Array; found: Int32Array };
/** `g` and `f` number the labels. */
type Cell = { g: number; f: number; count: number };

/** @throws RangeError on two lists of different lengths, or empty ones: no figure says anything of them */
function contingencyOf(gold: readonly string[], found: readonly string[]): Contingency {
  if (gold.length !== found.length || gold.length === 0) {
    throw new RangeError(`${gold.length} gold labels, ${found.length} found ones: as many, and at least one`);
  }
  const [rows, columns] = [numbered(gold), numbered(found)];
  const cells = new Map<number, Cell>();
  for (let i = 0; i < gold.length; i += 1) {
    const [g, f] = [rows.of[i]!, columns.of[i]!];
    const cell = cells.get(g * columns.sizes.length + f);
    if (cell) cell.count += 1;
    else cells.set(g * columns.sizes.length + f, { g, f, count: 1 });
  }
  return { n: gold.length, cells: [...cells.values()], gold: rows.sizes, found: columns.sizes };
}

function numbered(labels: readonly string[]): { of: Int32Array; sizes: Int32Array } {
  const numbers = new Map<string, number>();
  const of = new Int32Array(labels.length);
  for (const [i, label] of labels.entries()) {
    if (!numbers.has(label)) numbers.set(label, numbers.size);
    of[i] = numbers.get(label)!;
  }
  const sizes = new Int32Array(numbers.size);
  for (const number of of) sizes[number]! += 1;
  return { of, sizes };
}

const sumOver = <T>(values: Iterable<T>, term: (value: T) => number): number => {
  let sum = 0;
  for (const value of values) sum += term(value);
  return sum;
};

/** Normalised mutual information, arithmetic mean of the entropies (as scikit-learn's default). */
export function nmi(gold: readonly string[], found: readonly string[]): number {
  const { n, cells, gold: a, found: b } = contingencyOf(gold, found);
  const entropy = (counts: Iterable<number>): number =>
    sumOver(counts, (count) => -(count / n) * Math.log(count / n));
  const both = entropy(cells.map(({ count }) => count));
  const alone = entropy(a) + entropy(b);
  return alone === 0 ? 1 : (2 * (alone - both)) / alone;
}

/** Adjusted Rand index (Hubert & Arabie 1985). */
export function ari(gold: readonly string[], found: readonly string[]): number {
  const { n, cells, gold: a, found: b } = contingencyOf(gold, found);
  const pairs = (count: number): number => (count * (count - 1)) / 2;
  const both = sumOver(cells, ({ count }) => pairs(count));
  const [inGold, inFound] = [sumOver(a, pairs), sumOver(b, pairs)];
  const chance = n < 2 ? 0 : (inGold * inFound) / pairs(n);
  const most = (inGold + inFound) / 2;
  return most === chance ? 1 : (both - chance) / (most - chance);
}

/**
 * B-cubed F1 (Bagga & Baldwin 1998): for each headline, the share of its cluster that is of its gold story (precision) and
 * the share of its gold story that is in its cluster (recall), itself included; means over all headlines, singletons
 * too; their harmonic mean.
 */
export function bcubedF1(gold: readonly string[], found: readonly string[]): number {
  const { n, cells, gold: a, found: b } = contingencyOf(gold, found);
  const precision = sumOver(cells, ({ f, count }) => count ** 2 / b[f]!) / n;
  const recall = sumOver(cells, ({ g, count }) => count ** 2 / a[g]!) / n;
  return (2 * precision * recall) / (precision + recall);
}

/** Share of headlines whose cluster's largest gold story is theirs. */
export function purity(gold: readonly string[], found: readonly string[]): number {
  const { n, cells, found: sizes } = contingencyOf(gold, found);
  const largest = new Int32Array(sizes.length);
  for (const { f, count } of cells) largest[f] = Math.max(largest[f]!, count);
  return sumOver(largest, (count) => count) / n;
}
