import { languageOf, voteOf } from './language.ts';
import type { Language } from './language.ts';
import { isStopWord } from './tokenise.ts';
import { splitWords } from './words.ts';
import type { Word } from './words.ts';

// Function words of one language that name things in the other: a car crash, but de Mbappé, le prix de l'or.
const TWO_FACED: ReadonlySet<string> = new Set(
  'car comment elle face fait plus pour son ton but off or'.split(' '),
);

/**
 * The words of a query that say something, in its order: without the stop words of its language, declared or told by its
 * other words; of either language where nothing tells, words that name a thing in the other one excepted. All words where
 * none would be left: `the who`.
 */
export function tellingWords(text: string, language?: string): Word[] {
  const declared = languageOf(language);
  const words = splitWords(text, declared);
  const known = declared === 'und' ? voteOf(words.filter((word) => !TWO_FACED.has(word.folded))) : declared;
  const telling = words.filter((word) => !saysNothing(word.folded, known));
  return telling.length > 0 ? telling : words;
}

function saysNothing(folded: string, language: Language): boolean {
  if (language !== 'und') return isStopWord(folded, language);
  const [french, english] = [isStopWord(folded, 'fr'), isStopWord(folded, 'en')];
  return (french && english) || ((french || english) && !TWO_FACED.has(folded));
}
