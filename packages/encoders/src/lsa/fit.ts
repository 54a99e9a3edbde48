import { fitLsa, normalise } from '@afk/text';
import type { Rows, Steps } from '@afk/text';
import type { EncoderDocument } from '../types.ts';
import { versionOf } from './file.ts';
import type { LsaModel } from './model.ts';
import { documentTerms } from './read-terms.ts';

export type LsaFitOptions = {
  /** Components wanted; the model has fewer where the documents have no more. */
  rank?: number;
  seed?: number;
  /** Terms at most: those of the most documents. */
  maxVocabulary?: number;
  /** Documents that a term must be in. */
  minDocuments?: number;
  /** Power iterations of the decomposition. */
  iterations?: number;
};

// Chosen as in BM25: 64 components lose, 200 gain little and cost every query; four iterations gain nothing over two; TF-IDF
// loses, dropping or whitening the first components gains nothing. A term of one document relates it to no other.
const DEFAULTS: Required<LsaFitOptions> = {
  rank: 128,
  seed: 1,
  maxVocabulary: 30_000,
  minDocuments: 2,
  iterations: 2,
};
const DOCS_A_STEP = 128;

type Counts = Map<string, number>;

/**
 * Fits a model to headlines of either language together: log-entropy weights (Dumais 1991), randomised truncated SVD. The same
 * documents in the same order, and the same options, give the same bytes: sort by id. Throws RangeError on options that are no
 * counts, and where no two documents share a word.
 */
export function* fitLsaModel(docs: readonly EncoderDocument[], options: LsaFitOptions = {}): Steps<LsaModel> {
  const { rank, seed, maxVocabulary, minDocuments, iterations } = { ...DEFAULTS, ...options };
  for (const [name, value] of Object.entries({ rank, maxVocabulary, minDocuments }))
    if (!Number.isSafeInteger(value) || value < 1)
      throw new RangeError(`lsa: ${name} ${value}: must be a whole number above 0`);
  const counts: Counts[] = [];
  for (const doc of docs) {
    counts.push(documentTerms(doc));
    if (counts.length % DOCS_A_STEP === 0) yield;
  }
  const { terms, leftOut } = yield* vocabularyOf(counts, minDocuments, maxVocabulary);
  const rows = new Map(terms.map((term, row) => [term, row]));
  const weights = yield* entropyWeights(counts, rows);
  const lsa = yield* fitLsa(yield* weigh(counts, rows, weights), { rank, seed, iterations });
  if (lsa.rank === 0)
    throw new RangeError(`lsa: nothing to fit: ${docs.length} documents, ${terms.length} words that recur`);
  const content = {
    documents: docs.length,
    leftOut,
    rank: lsa.rank,
    rows,
    weights,
    components: lsa.components,
  };
  return { version: versionOf(content), ...content };
}

/** Sorted by term, so that rows do not depend on which document came first. */
function* vocabularyOf(
  counts: readonly Counts[],
  minDocuments: number,
  most: number,
): Steps<{ terms: string[]; leftOut: number }> {
  const documents = new Map<string, number>();
  for (const [i, doc] of counts.entries()) {
    for (const term of doc.keys()) documents.set(term, (documents.get(term) ?? 0) + 1);
    if (i % DOCS_A_STEP === 0) yield;
  }
  const recurring = [...documents]
    .filter(([, df]) => df >= minDocuments)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const sum = (entries: [string, number][]): number => entries.reduce((total, [, df]) => total + df, 0);
  const all = sum(recurring);
  const terms = recurring.slice(0, most).map(([term]) => term);
  yield;
  return { terms: terms.sort(), leftOut: all === 0 ? 0 : sum(recurring.slice(most)) / all };
}

/** 1 + sum p ln p / ln n over the documents that a term is in, p being its share there; n documents. */
function* entropyWeights(counts: readonly Counts[], rows: ReadonlyMap<string, number>): Steps<Float32Array> {
  const totals = new Float64Array(rows.size);
  const entropies = new Float64Array(rows.size);
  const known = (doc: Counts): [row: number, tf: number][] =>
    [...doc].flatMap(([term, tf]) => (rows.has(term) ? [[rows.get(term)!, tf]] : []));
  for (const [i, doc] of counts.entries()) {
    for (const [row, tf] of known(doc)) totals[row] = totals[row]! + tf;
    if (i % DOCS_A_STEP === 0) yield;
  }
  for (const [i, doc] of counts.entries()) {
    for (const [row, tf] of known(doc)) entropies[row] = entropies[row]! + xLogX(tf / totals[row]!);
    if (i % DOCS_A_STEP === 0) yield;
  }
  const scale = Math.log(Math.max(2, counts.length));
  return Float32Array.from(entropies, (entropy) => Math.max(0, 1 + entropy / scale));
}

const xLogX = (p: number): number => p * Math.log(p);

/** Documents x terms: log(1 + tf) x weight, each document of length one. */
function* weigh(
  counts: readonly Counts[],
  rows: ReadonlyMap<string, number>,
  weights: Float32Array,
): Steps<Rows> {
  const starts = new Int32Array(counts.length + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (const [i, doc] of counts.entries()) {
    const found = [...doc.keys()].filter((term) => rows.has(term));
    for (const term of found.sort((a, b) => rows.get(a)! - rows.get(b)!)) {
      columns.push(rows.get(term)!);
      values.push(Math.log1p(doc.get(term)!) * weights[rows.get(term)!]!);
    }
    starts[i + 1] = columns.length;
    if (i % DOCS_A_STEP === 0) yield;
  }
  const width = rows.size;
  return normalise({ starts, columns: Int32Array.from(columns), values: Float64Array.from(values), width });
}
