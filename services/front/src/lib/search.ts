import { categoryOf, languageCode, MAX_HITS, type http } from '@afk/contracts';
import type { SearchQuery } from './api.ts';
import { categoryLabel, languageName } from './text.ts';
import { absolute, dayOf } from './time.ts';

/** What the page of the search was asked: the API's parameters by their own names, empty where not given. */
export type Asked = Record<(typeof names)[number], string>;

const names = [
  'q',
  'like',
  'category',
  'language',
  'publisher',
  'from',
  'to',
  'sort',
  'collapse',
  'cursor',
] as const;

/** Those whose words AFK knows how to read; others can be asked for, and are offered by what was found. */
const languages = ['fr', 'en'];

/** What the form offers: those, and the one that is asked for. */
export const languagesFor = ({ language }: Pick<Asked, 'language'>): string[] => [
  ...new Set([...languages, ...(language ? [language] : [])]),
];

/** Reads an address. An old or mistyped one may ask for more than there is: that part of it is left out. */
export function askedOf(parameters: URLSearchParams): Asked {
  const read = (name: string): string => parameters.get(name)?.trim() ?? '';
  return {
    q: read('q'),
    like: read('like'),
    category: categoryOf(read('category'))?.id ?? '',
    language: languageCode.safeParse(read('language')).data ?? '',
    publisher: read('publisher'),
    from: read('from'),
    to: read('to'),
    sort: read('sort') === 'recent' ? 'recent' : '',
    collapse: read('collapse') === 'false' ? 'false' : '',
    cursor: read('cursor'),
  };
}

/** Headlines a page. */
const pageSize = 20;

export const queryOf = (asked: Asked): SearchQuery => ({
  ...asked,
  limit: pageSize,
  facets: 'category,language,publisher,day',
});

/** The same search, but for what is named; the first page of it unless a cursor is. */
export function searchHref(asked: Asked, changes: Partial<Asked> = {}): string {
  return `/search/?${parametersOf({ ...asked, cursor: '', ...changes })}`;
}

/** The same search as RSS. Its order is its own: the newest first. */
export const feedHref = (asked: Asked): string =>
  `/api/v1/search.rss?${parametersOf({ ...asked, sort: '', cursor: '' })}`;

function parametersOf(asked: Asked): string {
  const given = names.flatMap((name) => (asked[name] ? [[name, asked[name]]] : []));
  return new URLSearchParams(given).toString();
}

/** What narrows the search down besides its words: in words, and the search without it. */
export type Filter = { name: string; without: string };

export function filtersOf(asked: Asked): Filter[] {
  const { category, language, publisher, from, to } = asked;
  const one = (name: string, changes: Partial<Asked>): Filter => ({
    name,
    without: searchHref(asked, changes),
  });
  const filters = [
    ...(category ? [one(categoryLabel({ id: category }), { category: '' })] : []),
    ...(language ? [one(languageName(language), { language: '' })] : []),
    ...(publisher ? [one(publisher, { publisher: '' })] : []),
  ];
  if (from && to && sameDay(from, to)) return [...filters, one(dayOf(from), { from: '', to: '' })];
  return [
    ...filters,
    ...(from ? [one(`from ${moment(from)}`, { from: '' })] : []),
    ...(to ? [one(`until ${moment(to)}`, { to: '' })] : []),
  ];
}

const moment = (at: string): string => (Number.isNaN(Date.parse(at)) ? at : absolute(at));
const dayEnds = (day: string) => ({ from: `${day}T00:00:00Z`, to: `${day}T23:59:59.999Z` });

function sameDay(from: string, to: string): boolean {
  const ends = dayEnds(from.slice(0, 10));
  return ends.from === from && ends.to === to;
}

/** A list of what the hits may be narrowed down to; each value with how many hits have it. */
export type Facet = { title: string; values: { name: string; count: number; href: string }[] };

/** What still narrows: a list of one value, or of what is chosen already, does not. */
export function facetsOf(asked: Asked, facets: http.SearchResult['facets']): Facet[] {
  const facet = (
    title: string,
    values: http.SearchResult['facets']['day'],
    nameOf: (value: string) => string,
    narrowed: (value: string) => Partial<Asked>,
  ): Facet => ({
    title,
    values: (values ?? []).map(({ value, count }) => ({
      name: nameOf(value),
      count,
      href: searchHref(asked, narrowed(value)),
    })),
  });
  const { category, language, publisher, day } = facets;
  const all = [
    facet(
      'Category',
      asked.category ? [] : category,
      (id) => categoryLabel({ id }),
      (id) => ({ category: id }),
    ),
    facet('Language', asked.language ? [] : language, languageName, (code) => ({ language: code })),
    facet('Source', asked.publisher ? [] : publisher, String, (name) => ({ publisher: name })),
    facet('Day', asked.from || asked.to ? [] : day, (at) => dayOf(at), dayEnds),
  ];
  return all.filter(({ values }) => values.length > 1);
}

/** What was corrected, in words, and the way to search for the words as they were typed. */
export type CorrectionNote = { text: string; again?: { name: string; href: string } };

/**
 * "“watr” is not among the words known from headlines; these are for “water”." That it is in none is not said: not all of
 * a long summary is looked through. Undefined where nothing was corrected.
 */
export function correctionNote(
  asked: Asked,
  { corrections, as_typed: typed }: Pick<http.SearchResult, 'corrections' | 'as_typed'>,
): CorrectionNote | undefined {
  if (corrections.length === 0) return undefined;
  const list = new Intl.ListFormat('en-GB');
  const [words, meant] = [
    list.format(corrections.map(({ word }) => `“${word}”`)),
    list.format(corrections.map(({ to }) => `“${to}”`)),
  ];
  const are = corrections.length === 1 ? 'is' : 'are';
  const text = `${words} ${are} not among the words known from headlines; these are for ${meant}.`;
  if (typed === null) return { text };
  return { text, again: { name: `Search for ${words} instead`, href: searchHref(asked, { q: typed }) } };
}

/** Why a headline was found, short and at length. */
export function whyOf({ sparse_rank: words, dense_rank: meaning, matched }: http.FoundHeadline['why']) {
  const short = [...(words ? [`words #${words}`] : []), ...(meaning ? [`meaning #${meaning}`] : [])];
  const long = [
    words ? `${ordinal(words)} of those that have the words` : 'it has none of the words',
    meaning ? `${ordinal(meaning)} of those that mean the like` : 'not among those that mean the like',
    ...(matched.length > 0 ? [`found in it: ${matched.join(', ')}`] : []),
  ];
  return { short: short.join(', ') || 'filters', long: long.join('; ') };
}

const endings: Record<string, string> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };
const plural = new Intl.PluralRules('en-GB', { type: 'ordinal' });
const ordinal = (n: number): string => `${n}${endings[plural.select(n)]}`;

/** "The 200 closest headlines", "36 headlines": what the list is. Without words to be close to, it begins with the newest. */
export function listWords(
  { total, searched, like }: Pick<http.SearchResult, 'total' | 'searched' | 'like'>,
  { collapse }: Pick<Asked, 'collapse'>,
): string {
  const noun = collapse ? 'headline' : 'result';
  if (total === 0) return 'Nothing found';
  if (total >= MAX_HITS) return `The ${MAX_HITS} ${searched || like ? 'closest' : 'newest'} ${noun}s`;
  return `${total} ${total === 1 ? noun : `${noun}s`}`;
}
