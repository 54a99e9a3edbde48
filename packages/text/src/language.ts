import { splitWords } from './words.ts';
import type { Word } from './words.ts';
import { ENGLISH, FRENCH } from './stopwords.ts';

/** What the models know; `und` (undetermined, ISO 639-2) is the honest third answer. */
export type Language = 'fr' | 'en' | 'und';

// English has them in borrowed words only (café, Beyoncé), hence half a vote.
const FRENCH_LETTERS = /[àâçéèêëîïôûùœ]/iu;

/** 'fr-FR', 'fr_CA', 'FRE', 'French' -> 'fr'; likewise English; anything else 'und'. */
export function languageOf(hint: string | undefined): Language {
  const primary = (hint ?? '').trim().toLowerCase().split(/[-_]/)[0];
  if (primary === 'fr' || primary === 'fra' || primary === 'fre' || primary === 'french') return 'fr';
  if (primary === 'en' || primary === 'eng' || primary === 'english') return 'en';
  return 'und';
}

/**
 * French, English or undetermined, by a vote of stop words; accented letters and elisions count for French.
 *
 * A word on both lists ("on", "me") votes for neither. The hint (the feed's language, `fr-FR`) decides ties
 * and texts without evidence, and counts as one vote: two clear words outweigh a wrongly declared feed.
 */
export function detectLanguage(text: string, hint?: string): Language {
  return voteOf(splitWords(text, 'und'), hint);
}

/** The same for words that were split as `und`. */
export function voteOf(words: readonly Word[], hint?: string): Language {
  const declared = languageOf(hint);
  let french = declared === 'fr' ? 1 : 0;
  let english = declared === 'en' ? 1 : 0;
  for (const word of words) {
    const isFrench = FRENCH.has(word.folded) || word.elided;
    const isEnglish = ENGLISH.has(word.folded) || word.possessive;
    if (isFrench && !isEnglish) french += 1;
    else if (isEnglish && !isFrench) english += 1;
    else if (!isFrench && FRENCH_LETTERS.test(word.surface)) french += 0.5;
  }
  if (french > english) return 'fr';
  if (english > french) return 'en';
  return declared;
}

/** The declared language where it is one that is known, else what the text tells. */
export function languageIn(text: string, declared: string | undefined): Language {
  const known = languageOf(declared);
  return known === 'und' ? detectLanguage(text) : known;
}
