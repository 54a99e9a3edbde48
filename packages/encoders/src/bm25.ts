import { fnv1a, languageOf, runStepsAsync, splitWords, tellingWords } from '@afk/text';
import type { Language, Steps, Word } from '@afk/text';
import { compoundsOf, stemsOf } from './compounds.ts';
import type { Stemmable } from './compounds.ts';
import type { EncoderDocument, SparseEncoder, SparseVector } from './types.ts';

export type Bm25Options = {
  /** Saturation of repeated terms, >= 0. */
  k1?: number;
  /** Weight of the document's length, 0..1. */
  b?: number;
  /** Length of an average document, see {@link averageLengthOf}. Fixed: a vector must not depend on its neighbours. */
  averageLength?: number;
  /** What a word of the title counts, one of the summary being 1; > 0. */
  titleWeight?: number;
  /** What the very form of a word counts beside its stem, which is 1; 0 leaves forms out. */
  formWeight?: number;
  /** Whether `low-cost` is also found as lowcost. */
  compounds?: boolean;
};

type Settings = Required<Bm25Options>;

// Raise when tokens, stems or hashing change.
const REVISION = 3;
// Chosen by nDCG@10 on Cranfield and by known headlines that are found again (`npm run eval:search`): abstracts want little
// normalisation by a length that is that of headlines (eleven words, twice), to headlines b is indifferent.
const DEFAULTS: Settings = {
  k1: 0.9,
  b: 0.2,
  averageLength: 22,
  titleWeight: 2,
  formWeight: 0.25,
  compounds: true,
};
const DOCS_A_STEP = 64;

/**
 * BM25 split in two, as Qdrant's `modifier: idf` wants it: documents carry the term-frequency part
 * tf (k1 + 1) / (tf + k1 (1 - b + b length / averageLength)), queries carry 1, the server multiplies by IDF. Title and summary
 * are one text whose words count differently, before saturation (Robertson, Zaragoza & Taylor 2004).
 *
 * Throws RangeError on options out of range.
 */
export function bm25Encoder(options: Bm25Options = {}): SparseEncoder {
  const settings = { ...DEFAULTS, ...options };
  check(settings);
  const { k1, b, averageLength, titleWeight, formWeight, compounds } = settings;
  return {
    kind: 'sparse',
    name: 'bm25',
    idf: true,
    version: `${REVISION}-k1=${k1},b=${b},avg=${averageLength},t=${titleWeight},f=${formWeight},c=${Number(compounds)}`,
    encodeDocuments: (docs, { signal } = {}) => runStepsAsync(encodeAll(docs, settings), signal),
    encodeQuery: async ({ text, language }) => encodeQuery(text, language, settings),
  };
}

function check({ k1, b, averageLength, titleWeight, formWeight }: Settings): void {
  const wrong = [
    !(k1 >= 0 && k1 < Infinity) && `k1 ${k1} (0 or more)`,
    !(b >= 0 && b <= 1) && `b ${b} (0 to 1)`,
    !(averageLength > 0 && averageLength < Infinity) && `averageLength ${averageLength} (above 0)`,
    !(titleWeight > 0 && titleWeight < Infinity) && `titleWeight ${titleWeight} (above 0)`,
    !(formWeight >= 0 && formWeight < Infinity) && `formWeight ${formWeight} (0 or more)`,
  ].filter((problem) => problem !== false);
  if (wrong.length > 0) throw new RangeError(`bm25: ${wrong.join(', ')}`);
}

/** Mean length as `averageLength` has it: words, those of the title as often as they count. 1 where there is no word. */
export function averageLengthOf(
  docs: readonly EncoderDocument[],
  titleWeight = DEFAULTS.titleWeight,
): number {
  let words = 0;
  for (const { title, summary, language } of docs) {
    const known = languageOf(language);
    words += titleWeight * splitWords(title, known).length + splitWords(summary, known).length;
  }
  return words > 0 ? words / docs.length : 1;
}

function* encodeAll(docs: readonly EncoderDocument[], settings: Settings): Steps<SparseVector[]> {
  const vectors: SparseVector[] = [];
  for (const doc of docs) {
    vectors.push(encodeDocument(doc, settings));
    if (vectors.length % DOCS_A_STEP === 0) yield;
  }
  return vectors;
}

function encodeDocument({ title, summary, language }: EncoderDocument, settings: Settings): SparseVector {
  const { k1, b, averageLength, titleWeight, formWeight } = settings;
  const known = languageOf(language);
  const fields = [
    { words: splitWords(title, known), weight: titleWeight },
    { words: splitWords(summary, known), weight: 1 },
  ];
  // Stop words stay in: their IDF is near nothing, and without them no query could find The Who.
  const counts = new Map<string, number>();
  for (const { words, weight } of fields)
    for (const term of termsOf(words, known, settings)) counts.set(term, (counts.get(term) ?? 0) + weight);
  // The length counts words, not terms: two stems of one word must not make a text look longer.
  const length = fields.reduce((sum, { words, weight }) => sum + weight * words.length, 0);
  const norm = k1 * (1 - b + (b * length) / averageLength);
  const share = (term: string): number => (term.startsWith(FORM) ? formWeight : 1);
  return toVector([...counts].map(([term, tf]) => [term, (share(term) * tf * (k1 + 1)) / (tf + norm)]));
}

function encodeQuery(
  text: string,
  language: string | undefined,
  settings: Settings,
): SparseVector | undefined {
  const known = languageOf(language);
  const telling = tellingWords(text, language);
  // Notre-Dame: a stop word is part of a compound, which is therefore read from all words.
  const whole = settings.compounds ? compoundsOf(splitWords(text, known)) : [];
  const terms = new Set([...telling, ...whole].flatMap((word) => formsOf(word, known, settings)));
  return terms.size > 0 ? toVector([...terms].map((term) => [term, 1])) : undefined;
}

function termsOf(words: readonly Word[], language: Language, settings: Settings): string[] {
  const whole = settings.compounds ? compoundsOf(words) : [];
  return [...words, ...whole].flatMap((word) => formsOf(word, language, settings));
}

// Marks the form as written: "retraites" (pensions) and "retraite" (a retreat) have one stem, and are two things to a reader.
const FORM = '=';

function formsOf(word: Stemmable, language: Language, { formWeight }: Settings): string[] {
  const stems = stemsOf(word, language);
  return formWeight > 0 ? [...stems, FORM + word.folded] : stems;
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
