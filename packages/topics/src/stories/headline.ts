import { fnv1a, fold, languageIn, titleKey, tokenise } from '@afk/text';
import type { Token } from '@afk/text';
import type { Doc } from '../types.ts';
import { CALENDAR } from './calendar.ts';

/** How much a word of the title counts, where one of the summary counts 1. */
const TITLE_WEIGHT = 2;
/** What is read of a title, characters: what is longer is no headline, and its words need not be counted. */
const TITLE_LENGTH = 1000;
/** What is read of a summary, characters: what comes later is seldom about the story. */
const SUMMARY_LENGTH = 200;

/** A headline as the grouping reads it. */
export type Reading = {
  /** Folded words of the title without the publisher: equal for headlines that say the same, word for word. */
  key: string;
  /** Term (its 32-bit hash) -> how often, title words twice. */
  counts: Map<number, number>;
};

/** Reads a headline: its title without the publisher, and the beginning of its summary. */
export function readHeadline(doc: Doc): Reading {
  const title = withoutPublisher(doc);
  const counts = new Map<number, number>();
  const add = (tokens: readonly Token[], weight: number): void => {
    for (const { term } of tokens) {
      const hash = fnv1a(term);
      counts.set(hash, (counts.get(hash) ?? 0) + weight);
    }
  };
  add(tokensOf(title, doc.language), TITLE_WEIGHT);
  add(tokensOf((doc.summary ?? '').slice(0, SUMMARY_LENGTH), doc.language), 1);
  return { key: titleKey(title), counts };
}

/** Terms with their written forms, title first; what `readHeadline` counts. */
export function writtenForms(doc: Doc): Token[] {
  return [
    ...tokensOf(withoutPublisher(doc), doc.language),
    ...tokensOf((doc.summary ?? '').slice(0, SUMMARY_LENGTH), doc.language),
  ];
}

function tokensOf(text: string, declared: string): Token[] {
  const language = languageIn(text, declared);
  return tokenise(text, language).filter(({ term }) => !CALENDAR[language].has(term));
}

// Aggregators append the source ("… - Le Monde", "… | Reuters"), which would tie its headlines together.
function withoutPublisher({ title, publisher }: Doc): string {
  const cut = Math.max(...[' - ', ' – ', ' — ', ' | '].map((dash) => title.lastIndexOf(dash)));
  const signed = cut > 0 && publisher !== '' && fold(title.slice(cut + 3).trim()) === fold(publisher.trim());
  return title.slice(0, signed ? Math.min(cut, TITLE_LENGTH) : TITLE_LENGTH);
}
