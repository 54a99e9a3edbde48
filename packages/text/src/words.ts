import { fold } from './fold.ts';
import type { Language } from './language.ts';

/** One word or number of a text, before stop words and stemming. */
export type Word = {
  /** As written, without the elided article and without the possessive. */
  surface: string;
  /** Where it stands in the text, [start, end), UTF-16 code units, without the elided article and the possessive. */
  start: number;
  end: number;
  /** Lower case, accents kept: what a French stemmer needs. */
  lower: string;
  /** Accents folded. */
  folded: string;
  isNumber: boolean;
  /** An elided French word stood before it: `l'`, `d'`, `qu'`. */
  elided: boolean;
  /** A possessive `'s` was dropped. */
  possessive: boolean;
  /** A hyphen alone stands between it and the word before: the second half of `porte-avions`. */
  hyphenated: boolean;
};

type Place = Pick<Word, 'start' | 'end'>;

// In this order: initials (U.S., S.N.C.F.), numbers with their separators (10,000 4.5), words with inner
// apostrophes. Combining marks belong to the letter before them.
const PIECES =
  /(?<![\p{L}\p{N}])(?:\p{Lu}\.){2,}(?:\p{Lu}(?!\p{L}))?|\p{N}+(?:[.,\u00a0\u202f]\p{N}+)*(?:[\p{L}][\p{L}\p{M}\p{N}]*)?|\p{L}[\p{L}\p{M}\p{N}]*(?:['’ʼ＇]\p{L}[\p{L}\p{M}\p{N}]*)*/gu;
const APOSTROPHES = /['’ʼ＇]/u;
// As typed, and Unicode's own (U+2010, U+2011). Dashes part sentences, not words.
const HYPHENS = '-\u2010\u2011';

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
  let end = -1;
  for (const { 0: piece, index } of text.matchAll(PIECES)) {
    const hyphenated = index === end + 1 && end > 0 && HYPHENS.includes(text[end] ?? ' ');
    end = index + piece.length;
    const first = piece.codePointAt(0) ?? 0;
    const place = { start: index, end };
    if (piece.includes('.') && !isDigit(first)) pushWord(words, piece.replaceAll('.', ''), place);
    else if (/^\p{N}/u.test(piece)) pushNumber(words, piece, place, language);
    else splitApostrophes(words, piece, place, language);
    if (hyphenated) words.at(-1)!.hyphenated = true;
  }
  return words;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

function splitApostrophes(words: Word[], piece: string, { start, end }: Place, language: Language): void {
  if (!APOSTROPHES.test(piece)) return pushWord(words, piece, { start, end });
  const parts = piece.split(APOSTROPHES);
  const elisions = language === 'en' ? ELIDED_ANYWHERE : ELIDED_IN_FRENCH;
  let from = start;
  while (parts.length > 1 && elisions.has(fold(parts[0] ?? ''))) from += parts.shift()!.length + 1;
  const possessive = parts.length > 1 && parts.at(-1)?.toLowerCase() === 's';
  if (possessive) parts.pop();
  const place = { start: from, end: possessive ? end - 2 : end };
  // What is left with an apostrophe is one word: O'Neill, don't, aujourd'hui.
  pushWord(words, parts.join(''), place, from > start, possessive);
}

function pushWord(words: Word[], raw: string, place: Place, elided = false, possessive = false): void {
  const surface = raw.slice(0, LONGEST_WORD).normalize('NFC');
  words.push({
    surface,
    ...place,
    lower: surface.toLowerCase(),
    folded: fold(surface),
    isNumber: false,
    elided,
    possessive,
    hyphenated: false,
  });
}

// 10,000 and 10000 are one term, with a no-break space too; 4,5 and 4.5 are one term.
function pushNumber(words: Word[], raw: string, place: Place, language: Language): void {
  const surface = raw.slice(0, LONGEST_WORD);
  let digits = fold(surface).replace(/[\u00a0\u202f ](?=\p{N})/gu, '');
  if (language !== 'fr') digits = digits.replace(/,(?=\p{N}{3}(?!\p{N}))/gu, '');
  digits = digits.replaceAll(',', '.');
  const isNumber = /^[\p{N}.,]+$/u.test(digits);
  words.push({
    surface,
    ...place,
    lower: digits,
    folded: digits,
    isNumber,
    elided: false,
    possessive: false,
    hyphenated: false,
  });
}
