import { languageIn, splitWords, isStopWord, stem } from '@afk/text';
import type { Language, Word } from '@afk/text';
import type { Input } from './types.ts';

// Marks a character n-gram: no stem begins with it.
const PART = '\n';

/** Is the feature a part of words, and no stem? */
export const isPart = (feature: string): boolean => feature.startsWith(PART);

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
    const language = languageIn(input.text, input.language);
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
