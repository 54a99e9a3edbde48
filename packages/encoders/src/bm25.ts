import { fnv1a, isStopWord, languageOf, splitWords, stem } from '@afk/text';
import type { Language, Word } from '@afk/text';

import type { Bm25Options, SparseEncoder, SparseVector } from './types.ts';

// Raise when tokens, stems or hashing change.
const REVISION = 2;
// k1 and b as usual (Robertson & Zaragoza 2009); headlines have about eleven words.
const DEFAULTS = { k1: 1.2, b: 0.75, averageLength: 11 };

/**
 * BM25 split in two, as Qdrant's `modifier: idf` wants it: documents carry the term-frequency part
 * tf (k1 + 1) / (tf + k1 (1 - b + b length / averageLength)), queries carry 1, the server multiplies by IDF.
 *
 * A word counts by its stem, and half as much again where it is written as in the query.
 *
 * Throws RangeError on options out of range.
 */
export function bm25Encoder(options: Bm25Options = {}): SparseEncoder {
  const { k1, b, averageLength } = { ...DEFAULTS, ...options };
  if (!(k1 >= 0) || !(b >= 0 && b <= 1) || !(averageLength > 0)) {
    throw new RangeError(`bm25: k1 ${k1} (>= 0), b ${b} (0..1), averageLength ${averageLength} (> 0)`);
  }
  const weigh = (tf: number, length: number): number =>
    (tf * (k1 + 1)) / (tf + k1 * (1 - b + (b * length) / averageLength));
  return {
    name: 'bm25',
    version: `${REVISION}-k1=${k1},b=${b},avg=${averageLength}`,
    encodeDocuments: (docs) => docs.map((doc) => encodeDocument(doc.text, doc.language, weigh)),
    encodeQuery,
  };
}

function encodeDocument(
  text: string,
  language: string,
  weigh: (tf: number, length: number) => number,
): SparseVector {
  const known = languageOf(language);
  // Stop words stay in: their IDF is near nothing, and without them no query could find The Who.
  const words = splitWords(text, known);
  const counts = new Map<string, number>();
  for (const word of words) {
    for (const term of termsOf(word, known)) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  // The length counts words, not stems: indexing both stems must not make a text look longer.
  return toVector([...counts].map(([term, tf]) => [term, share(term) * weigh(tf, words.length)]));
}

function encodeQuery(text: string): SparseVector {
  const words = splitWords(text, 'und');
  const telling = words.filter((word) => !isStopWordOfEither(word));
  const kept = telling.length > 0 ? telling : words;
  const terms = new Set(kept.flatMap((word) => termsOf(word, 'und')));
  return toVector([...terms].map((term) => [term, 1]));
}

function isStopWordOfEither(word: Word): boolean {
  return isStopWord(word.folded, 'fr') || isStopWord(word.folded, 'en');
}

// What a word counts that is written as in the query, beside what its stem counts: "retraites" (pensions)
// and "retraite" (a retreat) have one stem, and are two things to a reader.
const EXACT = 0.5;
const exactMark = '=';

const share = (term: string): number => (term.startsWith(exactMark) ? EXACT : 1);

// The stem (of an unknown language: both, once if they agree), and the word as it is written.
function termsOf(word: Word, language: Language): string[] {
  const stems = language === 'und' ? [stem(word, 'fr'), stem(word, 'en')] : [stem(word, language)];
  return [...new Set([...stems, exactMark + word.folded])];
}

function toVector(weights: [term: string, weight: number][]): SparseVector {
  const summed = new Map<number, number>();
  for (const [term, weight] of weights) {
    const index = fnv1a(term);
    summed.set(index, (summed.get(index) ?? 0) + weight);
  }
  const indices = [...summed.keys()].toSorted((a, b) => a - b);
  return { indices, values: indices.map((index) => summed.get(index) ?? 0) };
}
