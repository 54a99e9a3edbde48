type Counts = Map<string, number>;

const add = (counts: Counts, key: string): Counts => counts.set(key, (counts.get(key) ?? 0) + 1);

const tally = (labels: readonly string[]): Counts =>
  labels.reduce((counts, label) => add(counts, label), new Map<string, number>());

/** Normalised mutual information, arithmetic mean of the entropies (as scikit-learn's default). */
export function nmi(gold: readonly string[], found: readonly string[]): number {
  const n = gold.length;
  const entropy = (counts: Counts): number =>
    [...counts.values()].reduce((h, count) => h - (count / n) * Math.log(count / n), 0);
  const both = entropy(tally(gold.map((label, i) => `${label}\t${found[i]}`)));
  const a = entropy(tally(gold));
  const b = entropy(tally(found));
  return a + b === 0 ? 1 : (2 * (a + b - both)) / (a + b);
}

/** Adjusted Rand index (Hubert & Arabie 1985). */
export function ari(gold: readonly string[], found: readonly string[]): number {
  const pairs = (n: number): number => (n * (n - 1)) / 2;
  const within = (counts: Counts): number => [...counts.values()].reduce((sum, n) => sum + pairs(n), 0);
  const both = within(tally(gold.map((label, i) => `${label}\t${found[i]}`)));
  const a = within(tally(gold));
  const b = within(tally(found));
  const chance = (a * b) / pairs(gold.length);
  return (a + b) / 2 === chance ? 1 : (both - chance) / ((a + b) / 2 - chance);
}
