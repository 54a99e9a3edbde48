import type { Steps } from '@afk/text';
import { featureReader } from './features.ts';
import { columnWeights, documentsOf, matrixSteps, rowsIn, smoothedIdf, type Matrix } from './matrix.ts';
import type { Settings } from './settings.ts';
import type { Input } from './types.ts';

const TEXTS_A_STEP = 500;
/** A feature of unlabelled texts alone: rarer ones would make the model large and hardly be seen again. */
const LEAST_UNLABELLED = 3;

/** Rare features discriminate more than TF-IDF's first power says; of 1 and 1.5, by cross-validation. */
const IDF_POWER = 1.5;

export type Read = {
  /** Feature -> column, in order of appearance. */
  vocabulary: Map<string, number>;
  idf: Float32Array;
  labelled: Matrix;
  unlabelled: Matrix;
};

/**
 * Texts as rows of TF-IDF. Features are those of at least `minDocuments` labelled texts, and those of at least three texts in all;
 * frequencies are counted over all texts.
 */
export function* readTexts(
  labelled: readonly Input[],
  unlabelled: readonly Input[],
  { characters, minDocuments }: Settings,
): Steps<Read> {
  const numbers = new Map<string, number>();
  const read = featureReader(characters, (feature) => {
    const number = numbers.get(feature) ?? numbers.size;
    numbers.set(feature, number);
    return number;
  });
  const texts: number[][] = [];
  for (const [i, input] of [...labelled, ...unlabelled].entries()) {
    texts.push(read(input));
    if (i % TEXTS_A_STEP === TEXTS_A_STEP - 1) yield;
  }
  const known = texts.slice(0, labelled.length);
  const inLabelled = documentCounts(known, numbers.size);
  const inAll = documentCounts(texts, numbers.size);
  yield;
  const kept = [...numbers].filter(
    ([, number]) =>
      inLabelled[number]! >= minDocuments || inAll[number]! >= Math.max(LEAST_UNLABELLED, minDocuments),
  );
  const columns = new Int32Array(numbers.size).fill(-1);
  for (const [column, [, number]] of kept.entries()) columns[number] = column;
  const vocabulary = new Map(kept.map(([feature], column) => [feature, column]));
  const documents = kept.map(([, number]) => inAll[number]!);
  const idf = smoothedIdf(documents, texts.length, IDF_POWER);
  const weights = columnWeights(vocabulary.keys(), idf);
  const inColumns = texts.map((text) =>
    text.map((number) => columns[number]!).filter((column) => column >= 0),
  );
  return {
    vocabulary,
    idf,
    labelled: yield* matrixSteps(inColumns.slice(0, labelled.length), weights),
    unlabelled: yield* matrixSteps(inColumns.slice(labelled.length), weights),
  };
}

/** In how many texts each feature is. */
function documentCounts(texts: readonly (readonly number[])[], features: number): Int32Array {
  const counts = new Int32Array(features);
  for (const text of texts) for (const number of new Set(text)) counts[number] = counts[number]! + 1;
  return counts;
}

/**
 * What to multiply each column by, for rows to be as if IDF had been learned from `known` alone; 0 where `known` does not have
 * the column. A held-out text must not have a say in how rare its own words are, or it looks easier than new ones.
 */
export function idfFactors(known: readonly Matrix[], idf: Float32Array): Float64Array {
  const documents = documentsOf(known, idf.length);
  const n = known.reduce((sum, rows) => sum + rowsIn(rows), 0);
  const own = smoothedIdf(documents, n, IDF_POWER);
  return Float64Array.from(own, (value, column) => (documents[column] === 0 ? 0 : value / idf[column]!));
}
