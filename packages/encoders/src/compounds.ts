import { stem } from '@afk/text';
import type { Language, Word } from '@afk/text';

export type Stemmable = Pick<Word, 'lower' | 'folded' | 'isNumber'>;

// Longer chains are no compounds, but slogans and addresses.
const MOST_PARTS = 5;

/** What hyphens tie, written in one: `porte-avions` -> porteavions, `COVID-19` -> covid19. Dates and scores are none. */
export function compoundsOf(words: readonly Word[]): Stemmable[] {
  const compounds: Stemmable[] = [];
  let start = 0;
  for (let end = 1; end <= words.length; end += 1) {
    if (words[end]?.hyphenated) continue;
    const parts = words.slice(start, end);
    start = end;
    if (parts.length < 2 || parts.length > MOST_PARTS || parts.every((part) => part.isNumber)) continue;
    const join = (form: 'lower' | 'folded'): string => parts.map((part) => part[form]).join('');
    compounds.push({ lower: join('lower'), folded: join('folded'), isNumber: false });
  }
  return compounds;
}

/** The stem; of an unknown language that of either, once if they agree. */
export function stemsOf(word: Stemmable, language: Language): string[] {
  if (language !== 'und') return [stem(word, language)];
  return [...new Set([stem(word, 'fr'), stem(word, 'en')])];
}
