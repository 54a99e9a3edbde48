import { fold } from './fold.ts';
import type { Language } from './language.ts';

/** One word or number of a text, before stop words and stemming. */
export type Word = {
  /** As written, without the elided article and without the possessive. */
  surface: string;
  /** Lower case, accents kept: what a French stemmer needs. */
  lower: string;
  /** Accents folded. */
  folded: string;
  isNumber: boolean;
  /** An elided French word stood before it: `l'`, `d'`, `qu'`. */
  elided: boolean;
  /** A possessive `'s` was dropped. */
  possessive: boolean;
};

// In this order: initials (U.S., S.N.C.F.), numbers with their separators (10,000 4.5), words with inner
// apostrophes. Combining marks belong to the letter before them.
const PIECES =
  /(?<![\p{L}\p{N}])(?:\p{Lu}\.){2,}(?:\p{Lu}(?!\p{L}))?|\p{N}+(?:[.,\u00a0\u202f]\p{N}+)*(?:[\p{L}][\p{L}\p{M}\p{N}]*)?|\p{L}[\p{L}\p{M}\p{N}]*(?:['’ʼ＇]\p{L}[\p{L}\p{M}\p{N}]*)*/gu;
const APOSTROPHES = /['’ʼ＇]/u;

// l' and d' are split in English too: a French name (L'Oréal, D'Estaing) must be one term in both.
const ELIDED_ANYWHERE: ReadonlySet<string> = new Set(['l', 'd', 'qu']);
const ELIDED_IN_FRENCH: ReadonlySet<string> = new Set(
  'l d qu c j m n s t jusqu lorsqu puisqu quoiqu quelqu presqu'.split(' '),
);

// Longer runs of letters are no words (base64, spam); cutting them keeps stemming linear and terms small.
const LONGEST_WORD = 64;

/** Words and numbers in the order of the text; punctuation, emoji and control characters part them. */
export function splitWords(text: string, language: Language): Word[] {
  const words: Word[] = [];
  for (const [piece] of text.matchAll(PIECES)) {
    const first = piece.codePointAt(0) ?? 0;
    if (piece.includes('.') && !isDigit(first)) pushWord(words, piece.replaceAll('.', ''), false, false);
    else if (/^\p{N}/u.test(piece)) pushNumber(words, piece, language);
    else splitApostrophes(words, piece, language);
  }
  return words;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

function splitApostrophes(words: Word[], piece: string, language: Language): void {
  if (!APOSTROPHES.test(piece)) return pushWord(words, piece, false, false);
  const parts = piece.split(APOSTROPHES);
  const elisions = language === 'en' ? ELIDED_ANYWHERE : ELIDED_IN_FRENCH;
  let elided = false;
  while (parts.length > 1 && elisions.has(fold(parts[0] ?? ''))) {
    parts.shift();
    elided = true;
  }
  const possessive = parts.length > 1 && parts.at(-1)?.toLowerCase() === 's';
  if (possessive) parts.pop();
  // What is left with an apostrophe is one word: O'Neill, don't, aujourd'hui.
  pushWord(words, parts.join(''), elided, possessive);
}

function pushWord(words: Word[], raw: string, elided: boolean, possessive: boolean): void {
  const surface = raw.slice(0, LONGEST_WORD).normalize('NFC');
  words.push({
    surface,
    lower: surface.toLowerCase(),
    folded: fold(surface),
    isNumber: false,
    elided,
    possessive,
  });
}

// 10,000 and 10000 are one term, with a no-break space too; 4,5 and 4.5 are one term.
function pushNumber(words: Word[], raw: string, language: Language): void {
  const surface = raw.slice(0, LONGEST_WORD);
  let digits = fold(surface).replace(/[\u00a0\u202f ](?=\p{N})/gu, '');
  if (language !== 'fr') digits = digits.replace(/,(?=\p{N}{3}(?!\p{N}))/gu, '');
  digits = digits.replaceAll(',', '.');
  const isNumber = /^[\p{N}.,]+$/u.test(digits);
  words.push({ surface, lower: digits, folded: digits, isNumber, elided: false, possessive: false });
}
