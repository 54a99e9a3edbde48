import { languageOf, splitWords, stem, tellingWords, type Language, type Word } from '@afk/text';

/** Between title and summary: no phrase goes across. It is no word of any text. */
const BREAK = '|';
/** What is compared of a summary, characters: beyond it a feed has put the article in. */
const SUMMARY_LENGTH = 400;

/** A headline's words, each with a space on both sides, as a filter by phrases compares them. */
export type Forms = { words: string; stems: string };

/** The words of a headline as they are written (folded), and their stems in its own language. */
export function formsOf(headline: Told): Forms {
  const { language, title, summary } = wordsOfHeadline(headline);
  const join = (form: (word: Word) => string): string =>
    padded([...title.map(form), ...(summary.length > 0 ? [BREAK] : []), ...summary.map(form)]);
  return { words: join(written), stems: join((word) => stemOf(word, language)) };
}

type Told = { title: string; summary: string; language: string };

/** What searches compare of a headline: all words of its title, and those that its summary begins with. */
export function wordsOfHeadline(headline: Told): { language: Language; title: Word[]; summary: Word[] } {
  const language = languageOf(headline.language);
  const begins = wordsOf(headline.summary.slice(0, 2 * SUMMARY_LENGTH), language);
  // Without the word that the cut goes through: half a word is another one.
  const summary = begins.filter((word) => word.end <= SUMMARY_LENGTH);
  return { language, title: wordsOf(headline.title, language), summary };
}

export const padded = (words: readonly string[]): string => ` ${words.join(' ')} `;

/**
 * The words of a text, of headlines and queries alike. Beyond what `splitWords` joins, `10 000` is one number and
 * `u.s.` is `U.S.`: readers type them so.
 */
export function wordsOf(text: string, language: Language): Word[] {
  return splitWords(joined(text), language).filter((word) => word.folded !== '');
}

export const hasWord = (text: string): boolean => wordsOf(text, 'und').length > 0;

// Not in Covid-19 200, G7 200.
const THOUSANDS = /(?<![\p{L}\p{M}\p{N}\p{Pd}.,\u00a0\u202f])[1-9]\d{0,2}(?:\p{Zs}\d{3})+(?![\p{L}\p{N}])/gu;
const INITIALS = /(?<![\p{L}\p{M}\p{N}.])(?:[a-z]\.){2,}(?:[a-z](?!\p{L}))?/gu;

// Every change keeps the length, so that a word stands where it stood.
function joined(text: string): string {
  return text
    .replace(THOUSANDS, (number) => number.replaceAll(/\p{Zs}/gu, '\u202f'))
    .replace(INITIALS, (initials) => initials.toUpperCase());
}

/** A word as it is compared. Some letters fold to several words (ﷺ), and a cut may have halved one: no such thing in a form. */
export const written = (word: Word): string => clean(word.folded);
export const stemOf = (word: Word, language: Language): string => clean(stem(word, language));
const clean = (form: string): string => form.replaceAll(' ', '').toWellFormed();

/**
 * What a text of a query may be in the headlines of each language, as words in a row: what a reader of that language
 * reads, and what one reads who knows none. `10,000` is a decimal in French and is not in English; `N'Djamena` has an
 * elision in French and none in English; and whoever asks has not said what they speak.
 */
export type Readings = Record<Language, string[][]>;

/** The words as they are written, for phrases. Undefined where there is no word. */
export function phraseReadings(text: string): Readings | undefined {
  const words = inEveryLanguage(text);
  return words && readings(words, written);
}

/**
 * Inflections are found by the stem. Whoever types without accents gets another one in French (activites: activit,
 * activités: activ), hence the words as they are written too.
 */
export type Inflected = { stems: Readings; words: Readings };

/** A text with all inflections of its words. Undefined where there is no word. */
export function inflected(text: string): Inflected | undefined {
  const words = inEveryLanguage(text);
  return words && { stems: readings(words, stemOf), words: readings(words, written) };
}

/** Each word of a query that says something, with all its inflections. */
export function tellingInflected(text: string): Inflected[] {
  const plain = joined(text);
  const read = byLanguage((language) => wordsOf(plain, language));
  return tellingWords(plain)
    .filter((word) => word.folded !== '')
    .map((word) => {
      const inPlace = (w: Word): boolean => w.start < word.end && w.end > word.start;
      const words = byLanguage((language) => [[word], read[language].filter(inPlace)]);
      return { stems: readings(words, stemOf), words: readings(words, written) };
    });
}

type WordRuns = Record<Language, Word[][]>;

function inEveryLanguage(text: string): WordRuns | undefined {
  const plain = wordsOf(text, 'und');
  return plain.length > 0 ? byLanguage((language) => [plain, wordsOf(text, language)]) : undefined;
}

function readings(runs: WordRuns, form: (word: Word, language: Language) => string): Readings {
  return byLanguage((language) => distinct(runs[language].map((run) => run.map((w) => form(w, language)))));
}

function byLanguage<T>(of: (language: Language) => T): Record<Language, T> {
  return { fr: of('fr'), en: of('en'), und: of('und') };
}

function distinct(runs: string[][]): string[][] {
  const byText = new Map(runs.map((run) => [padded(run), run]));
  return [...byText.values()];
}
