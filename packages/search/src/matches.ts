import { languageOf } from '@afk/text';
import {
  inflected,
  padded,
  phraseReadings,
  tellingInflected,
  type Inflected,
  type Readings,
} from './forms.ts';
import type { Given } from './filter.ts';
import type { SearchQuery } from './query.ts';
import { storedOf, type IndexedHeadline, type Stored } from './stored.ts';

/**
 * A question that is put to each new headline: what a search filters by, and every word of it. Who puts many questions
 * to a headline makes `storedOf` of it once.
 */
export type Matcher = (headline: IndexedHeadline | Stored) => boolean;

/**
 * Tells of one headline whether it answers a query: it has every word (or an inflection of it) and every phrase,
 * none of what is excluded, and fits the fields. An alert must be sure: what only means the like is a matter
 * for a search.
 */
export function matcherOf(query: SearchQuery, given: Given = {}): Matcher {
  const wanted = tellingInflected(query.text).map(hasInflected);
  // 🚀 is a question, to which no headline is the answer.
  if (query.text.trim() !== '' && wanted.length === 0) return () => false;
  const phrases = query.phrases
    .flatMap((text) => phraseReadings(text) ?? [])
    .map((read) => has('words', read));
  const excluded = query.excluded.flatMap((text) => inflected(text) ?? []).map(hasInflected);
  return (headline) => {
    const stored = 'stems' in headline ? headline : storedOf(headline);
    return (
      fits(stored, query, given) &&
      wanted.every((isIn) => isIn(stored)) &&
      phrases.every((isIn) => isIn(stored)) &&
      !excluded.some((isIn) => isIn(stored))
    );
  };
}

type Test = (headline: Stored) => boolean;

function has(key: 'words' | 'stems', { fr, en, und }: Readings): Test {
  const runs = { fr: fr.map(padded), en: en.map(padded), und: und.map(padded) };
  return (headline) => runs[languageOf(headline.language)].some((run) => headline[key].includes(run));
}

function hasInflected({ stems, words }: Inflected): Test {
  const [byStem, byWord] = [has('stems', stems), has('words', words)];
  return (headline) => byStem(headline) || byWord(headline);
}

function fits(stored: Stored, query: SearchQuery, given: Given): boolean {
  const { category, language, publisher, publisher_words: names } = stored;
  const named = (key: string): boolean => names.includes(padded([key]));
  const among = (values: readonly string[], value: string | null): boolean =>
    values.length === 0 || (value !== null && values.includes(value));
  return (
    (given.category === undefined || given.category === category) &&
    (given.language === undefined || given.language === language) &&
    (given.publisher === undefined || given.publisher === publisher) &&
    among(query.categories, category) &&
    among(query.languages, language) &&
    (query.publishers.length === 0 || query.publishers.some(named)) &&
    !query.not.publishers.some(named) &&
    !query.not.categories.some((id) => id === category) &&
    !query.not.languages.some((code) => code === language) &&
    inTime(Date.parse(stored.published_at), query, given)
  );
}

function inTime(at: number, { after, before }: SearchQuery, { from, to }: Given): boolean {
  return (
    (!from || at >= Date.parse(from)) &&
    (!to || at <= Date.parse(to)) &&
    (!after || at >= after.getTime()) &&
    (!before || at < before.getTime())
  );
}
