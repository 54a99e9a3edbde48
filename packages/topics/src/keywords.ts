import type { Corpus } from './corpus.ts';

const KEYWORDS = 8;

/**
 * Keywords of each cluster by class-based TF-IDF in its chi-square form: v = items of the cluster that have the term,
 * E = (term's items) (cluster's terms) / (all terms), what v would be by chance; score v² / (E + 1), cf.
 * Grootendorst 2022 (BERTopic) for c-TF-IDF. Only terms of at least two items, unless there are none.
 */
export function keywordsOf(corpus: Corpus, clusters: readonly number[][]): string[][] {
  const itemsWith = new Float64Array(corpus.terms.length);
  let all = 0;
  for (const row of corpus.counts) {
    all += row.size;
    for (const term of row.keys()) itemsWith[term] = (itemsWith[term] ?? 0) + 1;
  }
  return clusters.map((items) => {
    const inCluster = new Map<number, number>();
    let size = 0;
    for (const item of items) {
      for (const term of corpus.counts[item]?.keys() ?? []) {
        inCluster.set(term, (inCluster.get(term) ?? 0) + 1);
        size += 1;
      }
    }
    const score = (term: number, v: number): number => v ** 2 / (((itemsWith[term] ?? 0) * size) / all + 1);
    const shared = [...inCluster].filter(([, v]) => v > 1 || items.length === 1);
    const best = (shared.length > 0 ? shared : [...inCluster])
      .map(([term, v]) => ({ term: corpus.terms[term] ?? '', score: score(term, v) }))
      .filter(({ term }) => term.length > 1)
      .toSorted((a, b) => b.score - a.score || (a.term < b.term ? -1 : 1))
      .slice(0, KEYWORDS);
    const written = commonestForms(corpus, items, new Set(best.map(({ term }) => term)));
    return best.map(({ term }) => written.get(term) ?? term);
  });
}

/** The most frequent written form of each term within the items; ties go to the form seen first. */
function commonestForms(
  corpus: Corpus,
  items: readonly number[],
  terms: ReadonlySet<string>,
): Map<string, string> {
  const forms = new Map<string, Map<string, number>>();
  for (const item of items) {
    const { tokens = [], context = [], docs = [] } = corpus.items[item] ?? {};
    for (const { term, surface } of [...tokens, ...context]) {
      if (!terms.has(term)) continue;
      const counts = forms.get(term) ?? new Map<string, number>();
      forms.set(term, counts.set(surface, (counts.get(surface) ?? 0) + docs.length));
    }
  }
  return new Map(
    [...forms].map(([term, counts]) => [
      term,
      [...counts].reduce((best, form) => (form[1] > best[1] ? form : best))[0],
    ]),
  );
}
