/** What the plain reference is run with: the defaults of Anserini (Yang, Fang & Lin 2017). */
export const BM25 = { k1: 0.9, b: 0.4 };

/** Numbers of the documents that have one of the terms, best first; equal scores in the order of the documents. */
export type Bm25Search = (query: readonly string[], limit: number) => number[];

/** `tf`: how often the document has the term. */
type Posting = { doc: number; tf: number };

/**
 * BM25 (Robertson & Walker 1994) over documents given as terms, with the idf that Lucene has, ln(1 + (N - df + .5) / (df + .5)),
 * never negative, and without the constant factor k1 + 1. A term that stands twice in the query counts twice. Written apart
 * from the product's encoder: a mistake there must not be one here.
 */
export function bm25Search(documents: readonly (readonly string[])[], { k1, b } = BM25): Bm25Search {
  const postings = postingsOf(documents);
  const meanLength = documents.reduce((sum, { length }) => sum + length, 0) / Math.max(1, documents.length);
  const idf = (df: number): number => Math.log(1 + (documents.length - df + 0.5) / (df + 0.5));
  return (query, limit) => {
    const scores = new Map<number, number>();
    for (const term of query) {
      const found = postings.get(term) ?? [];
      for (const { doc, tf } of found) {
        const norm = k1 * (1 - b + (b * documents[doc]!.length) / meanLength);
        scores.set(doc, (scores.get(doc) ?? 0) + (idf(found.length) * tf) / (tf + norm));
      }
    }
    return [...scores]
      .sort((x, y) => y[1] - x[1] || x[0] - y[0])
      .slice(0, limit)
      .map(([doc]) => doc);
  };
}

function postingsOf(documents: readonly (readonly string[])[]): Map<string, Posting[]> {
  const postings = new Map<string, Posting[]>();
  for (const [doc, terms] of documents.entries()) {
    const counts = new Map<string, number>();
    for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
    for (const [term, tf] of counts) {
      const list = postings.get(term);
      if (list) list.push({ doc, tf });
      else postings.set(term, [{ doc, tf }]);
    }
  }
  return postings;
}
