import { isStopWord, languageIn, languageOf, splitWords, tellingWords } from '@afk/text';
import type { Language, Word } from '@afk/text';
import { compoundsOf, stemsOf } from '../compounds.ts';
import type { EncoderDocument, EncoderQuery } from '../types.ts';

/** As in BM25. */
const TITLE_WEIGHT = 2;
// Characters that tell a text's language as well as all of it would.
const TELLING_LENGTH = 2000;

/** Stem -> how often, words of the title twice. Stop words tie nothing to anything and are left out. */
export function documentTerms({ title, summary, language }: EncoderDocument): Map<string, number> {
  const known = languageIn(`${title} ${summary.slice(0, TELLING_LENGTH)}`, language);
  const counts = new Map<string, number>();
  count(counts, splitWords(title, known), known, TITLE_WEIGHT);
  count(counts, splitWords(summary, known), known, 1);
  return counts;
}

export function queryTerms({ text, language }: EncoderQuery): Map<string, number> {
  const known = languageIn(text, language);
  const counts = new Map<string, number>();
  const words = [...tellingWords(text, language), ...compoundsOf(splitWords(text, languageOf(language)))];
  for (const word of words) for (const term of stemsOf(word, known)) add(counts, term, 1);
  return counts;
}

function count(counts: Map<string, number>, words: Word[], language: Language, weight: number): void {
  for (const word of words)
    if (!isStop(word.folded, language)) for (const term of stemsOf(word, language)) add(counts, term, weight);
  for (const whole of compoundsOf(words))
    for (const term of stemsOf(whole, language)) add(counts, term, weight);
}

const isStop = (folded: string, language: Language): boolean =>
  language === 'und' ? isStopWord(folded, 'fr') || isStopWord(folded, 'en') : isStopWord(folded, language);

function add(counts: Map<string, number>, term: string, weight: number): void {
  counts.set(term, (counts.get(term) ?? 0) + weight);
}
