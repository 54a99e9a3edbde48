import { fold, splitWords } from '@afk/text';
import type { SearchQuery } from './query.ts';

/** A word that is in no headline, as it was typed, and the one that was meant. */
export type Correction = { word: string; to: string };

/**
 * The query with each correction in its place, in the words and in the phrases: where both did not change, the phrase
 * would ask for what the words no longer say. Words are compared whole and folded (`Watr` is `watr`), as they were looked up. A
 * word in quotes by itself is wanted as it is: wherever it stands, it stays.
 *
 * Whoever looks up corrections leaves out {@link quotedWords}, so that none is told of that is not made here.
 */
export function correctedQuery(query: SearchQuery, corrections: readonly Correction[]): SearchQuery {
  const kept = quotedWords(query);
  const meant = new Map(corrections.map(({ word, to }) => [fold(word), to]));
  for (const word of kept) meant.delete(word);
  if (meant.size === 0) return query;
  const correct = (text: string): string => replaced(text, meant);
  return { ...query, text: correct(query.text), phrases: query.phrases.map(correct) };
}

/** The words, folded, that stand in quotes by themselves: `"watr"`. */
export function quotedWords({ phrases }: SearchQuery): ReadonlySet<string> {
  return new Set(phrases.flatMap((phrase) => onlyWord(phrase)?.folded ?? []));
}

/** The word of a text that has one. */
export function onlyWord(text: string) {
  const words = splitWords(text, 'und');
  return words.length === 1 ? words[0] : undefined;
}

function replaced(text: string, meant: ReadonlyMap<string, string>): string {
  let [done, end] = ['', 0];
  for (const word of splitWords(text, 'und')) {
    const to = meant.get(word.folded);
    if (to === undefined) continue;
    done += text.slice(end, word.start) + to;
    end = word.end;
  }
  return done + text.slice(end);
}
