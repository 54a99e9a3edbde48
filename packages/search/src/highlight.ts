import { languageOf, type Language } from '@afk/text';
import { phraseReadings, stemOf, tellingInflected, wordsOf, written } from './forms.ts';

/** Stretch of a text, [start, end), UTF-16 code units. */
export type Range = [start: number, end: number];

/** Where the words of a query stand in a text of this language: disjoint, in order. */
export type Highlighter = (text: string, language: string) => Range[];

/** @param searched the words that were searched for; @param phrases are marked from end to end */
export function highlighter(searched: string, phrases: readonly string[] = []): Highlighter {
  const wanted = tellingInflected(searched);
  const runs = phrases.flatMap((text) => phraseReadings(text) ?? []);
  return (text, hint) => {
    const language = languageOf(hint);
    const words = placedWords(text, language);
    const stems = new Set(wanted.flatMap((word) => word.stems[language].flat()));
    const asWritten = new Set(wanted.flatMap((word) => word.words[language].flat()));
    const single = words
      .filter((w) => stems.has(w.stem) || asWritten.has(w.written))
      .map(({ start, end }): Range => [start, end]);
    return union([
      ...single,
      ...runs.flatMap((readings) => readings[language].flatMap((run) => runsOf(words, run))),
    ]);
  };
}

type Placed = { start: number; end: number; written: string; stem: string };

const placedWords = (text: string, language: Language): Placed[] =>
  wordsOf(text, language).map((word) => ({
    start: word.start,
    end: word.end,
    written: written(word),
    stem: stemOf(word, language),
  }));

function runsOf(words: readonly Placed[], run: readonly string[]): Range[] {
  const found: Range[] = [];
  for (let i = 0; i + run.length <= words.length; i++) {
    if (run.every((word, n) => words[i + n]!.written === word)) {
      found.push([words[i]!.start, words[i + run.length - 1]!.end]);
    }
  }
  return found;
}

function union(ranges: Range[]): Range[] {
  const joined: Range[] = [];
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0] || b[1] - a[1])) {
    const last = joined.at(-1);
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}
