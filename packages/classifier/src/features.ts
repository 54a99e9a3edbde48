import { detectLanguage, languageOf, splitWords, isStopWord, stem } from '@afk/text';
import type { Language, Word } from '@afk/text';
import type { Input } from './types.ts';

// Marks a character n-gram: no stem begins with it.
const PART = '\n';
// A word has some twenty parts, which would drown it; chosen by cross-validation on the seed (1, 2, 3, 5 tried).
const WHOLE_WORD_WEIGHT = 3;

// Words come again and again (Zipf): most are read from here. Emptied when full, so memory is bounded.
const MOST_REMEMBERED = 20_000;

/** Gives the columns of a text's features, repeated as often as they occur. */
export type FeatureReader = (input: Input) => number[];

/**
 * Reads texts into columns: stems, and character n-grams of `characters` letters. `columnOf` numbers a
 * feature; undefined leaves it out.
 */
export function featureReader(
  characters: readonly [number, number],
  columnOf: (feature: string) => number | undefined,
): FeatureReader {
  const remembered = new Map<string, readonly number[]>();
  const columnsOf = (word: Word, language: Language): readonly number[] => {
    const key = `${language}${word.lower}`;
    const known = remembered.get(key);
    if (known !== undefined) return known;
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    const parts = word.isNumber ? [] : partsOf(word.folded, characters);
    const features = isStopWord(word.folded, language) ? [] : [stem(word, language), ...parts];
    const columns = features.map(columnOf).filter((column) => column !== undefined);
    remembered.set(key, columns);
    return columns;
  };
  return (input) => {
    const declared = languageOf(input.language);
    const language = declared === 'und' ? detectLanguage(input.text) : declared;
    return splitWords(input.text, language).flatMap((word) => columnsOf(word, language));
  };
}

// Parts of words, with their ends marked, let a short headline share evidence with words it does not contain:
// "biodiversité" and "biologiste", "footballeur" and "football".
function partsOf(folded: string, [shortest, longest]: readonly [number, number]): string[] {
  const parts: string[] = [];
  const marked = `<${folded}>`;
  for (let length = Math.max(1, shortest); length <= longest; length += 1) {
    for (let at = 0; at + length <= marked.length; at += 1) parts.push(PART + marked.slice(at, at + length));
  }
  return parts;
}

/** Sparse rows (CSR), L2-normalised sublinear TF-IDF. */
export type Matrix = { starts: Int32Array; columns: Int32Array; values: Float32Array };

/** Weight of each column before normalisation: smoothed IDF, times the word weight for whole words. */
export function columnWeights(features: Iterable<string>, idf: Float32Array): Float64Array {
  const weights = new Float64Array(idf);
  let column = 0;
  for (const feature of features) {
    if (!feature.startsWith(PART)) weights[column] = (weights[column] ?? 0) * WHOLE_WORD_WEIGHT;
    column += 1;
  }
  return weights;
}

/** Smoothed inverse document frequency, ln((1 + n) / (1 + df)) + 1, of n texts. */
export function smoothedIdf(documents: readonly number[], n: number): Float32Array {
  return Float32Array.from(documents, (count) => Math.log((1 + n) / (1 + count)) + 1);
}

/** weight (1 + ln tf), rows of length 1, or empty. */
export function toMatrix(texts: readonly (readonly number[])[], weights: Float64Array): Matrix {
  const starts = new Int32Array(texts.length + 1);
  const columns: number[] = [];
  const values: number[] = [];
  const counts = new Int32Array(weights.length);
  for (const [i, text] of texts.entries()) {
    const from = columns.length;
    for (const column of text) {
      if (counts[column] === 0) columns.push(column);
      counts[column] = (counts[column] ?? 0) + 1;
    }
    let squares = 0;
    for (let k = from; k < columns.length; k += 1) {
      const column = columns[k] ?? 0;
      const value = (weights[column] ?? 0) * (1 + Math.log(counts[column] ?? 1));
      counts[column] = 0;
      values.push(value);
      squares += value * value;
    }
    const length = Math.sqrt(squares);
    for (let k = from; k < values.length; k += 1) values[k] = (values[k] ?? 0) / length;
    starts[i + 1] = columns.length;
  }
  return { starts, columns: Int32Array.from(columns), values: Float32Array.from(values) };
}

/** The given rows, in the given order. */
export function pickRows(matrix: Matrix, rows: readonly number[]): Matrix {
  const starts = new Int32Array(rows.length + 1);
  for (const [i, row] of rows.entries()) {
    starts[i + 1] = (starts[i] ?? 0) + (matrix.starts[row + 1] ?? 0) - (matrix.starts[row] ?? 0);
  }
  const columns = new Int32Array(starts[rows.length] ?? 0);
  const values = new Float32Array(columns.length);
  for (const [i, row] of rows.entries()) {
    columns.set(matrix.columns.subarray(matrix.starts[row], matrix.starts[row + 1]), starts[i]);
    values.set(matrix.values.subarray(matrix.starts[row], matrix.starts[row + 1]), starts[i]);
  }
  return { starts, columns, values };
}

/** Rows as a model trained on `known` would read them: columns it has not seen are gone, lengths are 1 again. */
export function asSeenBy(known: Matrix, rows: Matrix, width: number): Matrix {
  const seen = new Uint8Array(width);
  for (const column of known.columns) seen[column] = 1;
  const values = rows.values.map((value, k) => (seen[rows.columns[k] ?? 0] === 1 ? value : 0));
  for (let i = 0; i + 1 < rows.starts.length; i += 1) {
    const row = values.subarray(rows.starts[i], rows.starts[i + 1]);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) for (const [k, value] of row.entries()) row[k] = value / length;
  }
  return { ...rows, values };
}
