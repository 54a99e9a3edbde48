import type { TitleWord } from '@afk/database';
import { isStopWord, languageOf, splitWords, stem } from '@afk/text';

/** Longer ones are no words that a person types. */
const LONGEST = 40;

/** The different words of a title that one may search for: no stop words, no bare numbers. */
export function titleWords(title: string, hint: string): TitleWord[] {
  const language = languageOf(hint);
  const words = new Map<string, TitleWord>();
  for (const word of splitWords(title, language)) {
    const { folded, lower, isNumber } = word;
    if (isNumber || folded.length < 2 || folded.length > LONGEST || isStopWord(folded, language)) continue;
    words.set(folded, { word: folded, surface: lower, stem: stem(word, language) });
  }
  return [...words.values()];
}
