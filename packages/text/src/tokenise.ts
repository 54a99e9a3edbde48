import { stemmer as englishStem } from '@orama/stemmers/english';
import { stemmer as frenchStem } from '@orama/stemmers/french';
import { fold } from './fold.ts';
import { languageOf } from './language.ts';
import type { Language } from './language.ts';
import { ENGLISH, FRENCH } from './stopwords.ts';
import { splitWords } from './words.ts';
import type { Word } from './words.ts';

/** `surface` is for people (`élections`), `term` is for matching (`elect`). */
export type Token = { surface: string; term: string };

/** Is this folded word a stop word of the language? (`und` has none.) */
export function isStopWord(folded: string, language: Language): boolean {
  if (language === 'fr') return FRENCH.has(folded);
  return language === 'en' && ENGLISH.has(folded);
}

/**
 * The stem of one word, folded to ASCII where it was Latin: Snowball (Porter 2 for English) as in
 * `@orama/stemmers`; unknown languages keep the folded word.
 */
export function stem(word: Pick<Word, 'lower' | 'folded' | 'isNumber'>, language: Language): string {
  if (word.isNumber || language === 'und') return word.folded;
  const written = language === 'en' ? word.folded : word.lower;
  const known = stems[language].get(written);
  if (known !== undefined) return known;
  const found = language === 'en' ? englishStem(written) : fold(frenchStem(withParticiple(written)));
  return remember(stems[language], written, found || word.folded);
}

// The same words come again and again, and stemming one takes longer than finding it here.
const stems = { en: new Map<string, string>(), fr: new Map<string, string>() };
const REMEMBERED = 1 << 16;

function remember(known: Map<string, string>, word: string, found: string): string {
  if (known.size >= REMEMBERED) known.clear();
  known.set(word, found);
  return found;
}

// The French stemmer needs the accents of participles (dévoilées -> dévoil, devoilees -> devoile). No French
// word ends in a bare -ee(s), so an unaccented one has lost its accent.
function withParticiple(lower: string): string {
  return lower.length > 4 ? lower.replace(/ee(s?)$/, 'ée$1') : lower;
}

/** Terms with their written forms, in text order, stop words dropped; numbers and names kept. */
export function tokenise(text: string, language: string): Token[] {
  const known = languageOf(language);
  const tokens: Token[] = [];
  for (const word of splitWords(text, known)) {
    if (isStopWord(word.folded, known)) continue;
    tokens.push({ surface: word.surface, term: stem(word, known) });
  }
  return tokens;
}

/** The stems alone, in text order, with repetitions. */
export function terms(text: string, language: string): string[] {
  return tokenise(text, language).map((token) => token.term);
}
