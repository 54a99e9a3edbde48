import { normalise, terms, tfidf } from '@afk/text';
import type { Rows } from '@afk/text';
import type { Doc } from '@afk/topics';

/** The best of .06 to .5 for the English headlines of the shared data: a baseline is given its best. */
export const LEADER_THRESHOLD = 0.08;

/**
 * What one writes in an afternoon: sublinear TF-IDF of the titles, then one pass in order of time: each headline joins the
 * group with the nearest centroid if the cosine reaches the threshold, or else begins one (the leader algorithm:
 * Hartigan 1975, chapter 3). Memory: one sum a group.
 *
 * @returns the number of each headline's group
 */
export function leaderGroups(docs: readonly Doc[], threshold = LEADER_THRESHOLD): number[] {
  const rows = rowsOf(docs);
  const order = docs
    .map((_, i) => i)
    .sort((i, j) => docs[i]!.publishedAt - docs[j]!.publishedAt || (docs[i]!.id < docs[j]!.id ? -1 : 1));
  /** Term -> group -> weight of the term in the group's sum. */
  const sums = Array.from({ length: rows.width }, () => new Map<number, number>());
  /** Squared lengths of the sums. */
  const squares: number[] = [];
  const groups = docs.map(() => -1);
  for (const i of order) {
    const products = productsOf(rows, i, sums);
    const { group, cosine } = nearestOf(products, squares);
    groups[i] = cosine >= threshold ? group : squares.length;
    squares[groups[i]] = (squares[groups[i]] ?? 0) + 2 * (products.get(groups[i]) ?? 0) + 1;
    eachEntry(rows, i, (column, value) => {
      const inGroups = sums[column]!;
      inGroups.set(groups[i]!, (inGroups.get(groups[i]!) ?? 0) + value);
    });
  }
  return groups;
}

function rowsOf(docs: readonly Doc[]): Rows {
  const columns = new Map<string, number>();
  const counts = docs.map(({ title, language }) => {
    const row = new Map<number, number>();
    for (const term of terms(title, language)) {
      if (!columns.has(term)) columns.set(term, columns.size);
      const column = columns.get(term)!;
      row.set(column, (row.get(column) ?? 0) + 1);
    }
    return row;
  });
  return normalise(tfidf(counts, columns.size));
}

function productsOf(
  rows: Rows,
  i: number,
  sums: readonly ReadonlyMap<number, number>[],
): Map<number, number> {
  const products = new Map<number, number>();
  eachEntry(rows, i, (column, value) => {
    for (const [group, weight] of sums[column]!) {
      products.set(group, (products.get(group) ?? 0) + value * weight);
    }
  });
  return products;
}

/** Ties go to the older group; without any group, cosine 0. */
function nearestOf(
  products: ReadonlyMap<number, number>,
  squares: readonly number[],
): { group: number; cosine: number } {
  let nearest = { group: -1, cosine: 0 };
  for (const [group, product] of products) {
    const cosine = product / Math.sqrt(squares[group]!);
    if (cosine > nearest.cosine || (cosine === nearest.cosine && group < nearest.group))
      nearest = { group, cosine };
  }
  return nearest;
}

function eachEntry(rows: Rows, i: number, visit: (column: number, value: number) => void): void {
  for (let k = rows.starts[i]!; k < rows.starts[i + 1]!; k += 1) visit(rows.columns[k]!, rows.values[k]!);
}
