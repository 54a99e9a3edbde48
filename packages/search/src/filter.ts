import type { CategoryId } from '@afk/contracts';
import type { Language } from '@afk/text';
import { inflected, padded, phraseReadings, type Readings } from './forms.ts';
import type { SearchQuery } from './query.ts';

/** A condition of Qdrant's, as its REST API has it. */
export type Condition =
  | { key: string; match: { value: string | boolean } | { any: string[] } | { phrase: string } }
  | { key: string; range: { gte?: string; gt?: string; lte?: string; lt?: string } }
  | Filter;
export type Filter = { must?: Condition[]; should?: Condition[]; must_not?: Condition[] };

/** What stands beside the query. `from` and `to` are both included. */
export type Given = {
  category?: CategoryId | undefined;
  language?: string | undefined;
  /** As the headline has it, to the letter. */
  publisher?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
};

const is = (key: string, value: string): Condition => ({ key, match: { value } });
const oneOf = (key: string, values: string[]): Condition[] =>
  values.length > 0 ? [{ key, match: { any: values } }] : [];
/** `words`, `stems` and `publisher_words` are indexed by their words, in order. */
const contains = (key: string, words: string): Condition => ({ key, match: { phrase: words.trim() } });

/** What every hit must fulfil, in Qdrant's terms; undefined: nothing. The payload is `storedOf`'s. */
export function filterOf(query: SearchQuery, given: Given = {}): Filter | undefined {
  const must = [
    ...(given.category ? [is('category', given.category)] : []),
    ...(given.language ? [is('language', given.language)] : []),
    ...(given.publisher ? [is('publisher', given.publisher)] : []),
    ...oneOf('category', query.categories),
    ...oneOf('language', query.languages),
    ...(query.publishers.length > 0 ? [{ should: query.publishers.map(hasPublisher) }] : []),
    ...published(query, given),
    ...query.phrases.flatMap((text) => phraseReadings(text) ?? []).map((read) => reads('words', read)),
  ];
  const must_not = [
    ...oneOf('category', query.not.categories),
    ...oneOf('language', query.not.languages),
    ...query.not.publishers.map(hasPublisher),
    // A word excludes all its inflections, each headline's being those of its own language.
    ...query.excluded
      .flatMap((text) => inflected(text) ?? [])
      .flatMap(({ stems, words }) => [reads('stems', stems), reads('words', words)]),
  ];
  if (must.length === 0 && must_not.length === 0) return undefined;
  return { ...(must.length > 0 ? { must } : {}), ...(must_not.length > 0 ? { must_not } : {}) };
}

const hasPublisher = (key: string): Condition => contains('publisher_words', padded([key]));

function published({ after, before }: SearchQuery, { from, to }: Given): Condition[] {
  const ranges = [
    ...(from ? [{ gte: from }] : []),
    ...(to ? [{ lte: to }] : []),
    ...(after ? [{ gte: after.toISOString() }] : []),
    ...(before ? [{ lt: before.toISOString() }] : []),
  ];
  return ranges.map((range) => ({ key: 'published_at', range }));
}

const KNOWN: readonly Language[] = ['fr', 'en'];

/** A headline has one of the readings of its own language. Where they are the same in all, its language is not asked for. */
function reads(key: 'words' | 'stems', readings: Readings): Condition {
  const [fr, en, und] = [anyOf(key, readings.fr), anyOf(key, readings.en), anyOf(key, readings.und)];
  if (JSON.stringify(fr) === JSON.stringify(en) && JSON.stringify(en) === JSON.stringify(und)) return fr;
  return {
    should: [
      { must: [is('language', 'fr'), fr] },
      { must: [is('language', 'en'), en] },
      { must: [und], must_not: oneOf('language', [...KNOWN]) },
    ],
  };
}

function anyOf(key: string, runs: readonly string[][]): Condition {
  const [only, ...others] = runs.map((run) => contains(key, padded(run)));
  return others.length === 0 ? only! : { should: [only!, ...others] };
}
