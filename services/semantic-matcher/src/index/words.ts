import type { HeadlineWord, WordsOf } from '@afk/database';
import { wordsOfHeadline } from '@afk/search';
import { isStopWord, stem } from '@afk/text';

/** Longer ones are no words that a person types. */
const LONGEST = 40;

/** The different words of a headline that one may search for, the title's first: no stop words, no bare numbers. */
export const headlineWords: WordsOf = (headline) => {
  const { language, title, summary } = wordsOfHeadline(headline);
  const words = new Map<string, HeadlineWord>();
  for (const word of [...title, ...summary]) {
    const { folded, lower, isNumber } = word;
    if (isNumber || folded.length < 2 || folded.length > LONGEST || isStopWord(folded, language)) continue;
    if (!words.has(folded)) words.set(folded, { word: folded, surface: lower, stem: stem(word, language) });
  }
  return [...words.values()];
};
