import type { HeadlineWord } from '@afk/database';
import { isStopWord, languageOf, splitWords, stem } from '@afk/text';

/** Longer ones are no words that a person types. */
const LONGEST = 40;
/** Of a summary, characters: as much as phrases are looked for in. */
const SUMMARY = 400;

type Headline = { title: string; summary: string; language: string };

/** The different words of a headline that one may search for, the title's first: no stop words, no bare numbers. */
export function headlineWords(headline: Headline): HeadlineWord[] {
  const language = languageOf(headline.language);
  const words = new Map<string, HeadlineWord>();
  const summary = splitWords(headline.summary.slice(0, 2 * SUMMARY), language);
  // Without the word that the cut goes through: half a word is another one.
  const said = [...splitWords(headline.title, language), ...summary.filter((word) => word.end <= SUMMARY)];
  for (const word of said) {
    const { folded, lower, isNumber } = word;
    if (isNumber || folded.length < 2 || folded.length > LONGEST || isStopWord(folded, language)) continue;
    if (!words.has(folded)) words.set(folded, { word: folded, surface: lower, stem: stem(word, language) });
  }
  return [...words.values()];
}
