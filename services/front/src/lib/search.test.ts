import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  askedOf,
  correctionNote,
  facetsOf,
  feedHref,
  filtersOf,
  languagesFor,
  listWords,
  queryOf,
  searchHref,
  whyOf,
} from './search.ts';

const asked = (query: string) => askedOf(new URLSearchParams(query));

test('an address says what is asked; what there is not is left out', () => {
  const { q, category, language, sort, collapse } = asked(
    'q=%20rain%20&category=gossip&language=german&sort=x&collapse=0&y=1',
  );
  assert.deepEqual([q, category, language, sort, collapse], ['rain', '', '', '', '']);
  for (const code of ['fr', 'de', 'und']) assert.equal(asked(`q=rain&language=${code}`).language, code);
  const kept = 'q=rain&category=weather&language=fr&publisher=Le+Phare&sort=recent&collapse=false&cursor=abc';
  assert.equal(searchHref(asked(kept), { cursor: 'abc' }), `/search/?${kept}`);
});

test('the API is asked for a page with facets', () => {
  const query = queryOf(asked('q=rain'));
  assert.deepEqual(
    [query['q'], query['limit'], query['facets']],
    ['rain', 20, 'category,language,publisher,day'],
  );
});

test('any other search begins on its first page; the feed has an order of its own', () => {
  const page = asked('q=a%26b&sort=recent&cursor=abc');
  assert.equal(searchHref(page), '/search/?q=a%26b&sort=recent');
  assert.equal(searchHref(page, { q: '', like: 'x' }), '/search/?like=x&sort=recent');
  assert.equal(feedHref(page), '/api/v1/search.rss?q=a%26b');
});

test('facets narrow, filters widen again', () => {
  const facets = {
    category: [
      { value: 'weather', count: 3 },
      { value: 'politics', count: 1 },
    ],
    language: [{ value: 'fr', count: 4 }],
    day: [
      { value: '2026-01-31', count: 3 },
      { value: '2026-01-30', count: 1 },
    ],
  };
  const [category, day, ...others] = facetsOf(asked('q=rain'), facets);
  assert.deepEqual(others, [], 'one value does not narrow');
  assert.deepEqual(category!.values[0], {
    name: 'Weather',
    count: 3,
    href: '/search/?q=rain&category=weather',
  });
  assert.equal(day!.values[0]!.name, '31 Jan');
  const narrowed = asked(day!.values[0]!.href.split('?')[1]!);
  assert.deepEqual(filtersOf(narrowed), [{ name: '31 Jan', without: '/search/?q=rain' }]);
  assert.deepEqual(
    facetsOf(narrowed, facets).map((f) => f.title),
    ['Category'],
  );
  assert.deepEqual(
    filtersOf(asked('q=rain&language=fr&publisher=Le+Phare&from=2026-01-31T10:00:00Z&to=soon')).map(
      (f) => f.name,
    ),
    ['French', 'Le Phare', 'from 31 Jan, 10:00 UTC', 'until soon'],
  );
});

test('what was corrected is said', () => {
  const page = asked('q=watr&language=fr&cursor=abc');
  assert.equal(correctionNote(page, { corrections: [], as_typed: null }), undefined);
  const corrections = [{ word: 'watr', to: 'water' }];
  assert.deepEqual(correctionNote(page, { corrections, as_typed: '"watr"' }), {
    text: '“watr” is not among the words known from headlines; these are for “water”.',
    again: { name: 'Search for “watr” instead', href: '/search/?q=%22watr%22&language=fr' },
  });
  const two = [...corrections, { word: 'c', to: 'd' }];
  assert.deepEqual(correctionNote(page, { corrections: two, as_typed: null }), {
    text: '“watr” and “c” are not among the words known from headlines; these are for “water” and “d”.',
  });
});

test('the form offers the languages that are read, and the one that is asked for', () => {
  assert.deepEqual(languagesFor(asked('q=rain&language=fr')), ['fr', 'en']);
  assert.deepEqual(languagesFor(asked('q=rain&language=de')), ['fr', 'en', 'de']);
  assert.deepEqual(languagesFor(asked('q=rain')), ['fr', 'en']);
});

test('why a headline was found', () => {
  const why = { sparse_rank: 1, dense_rank: 22, matched: ['river'], title: [], summary: [] };
  assert.deepEqual(whyOf(why), {
    short: 'words #1, meaning #22',
    long: '1st of those that have the words; 22nd of those that mean the like; found in it: river',
  });
  assert.equal(whyOf({ ...why, sparse_rank: null }).short, 'meaning #22');
  assert.equal(whyOf({ ...why, sparse_rank: null, dense_rank: null }).short, 'filters');
});

test('what a list is', () => {
  const words = (total: number, collapse = '', searched = 'rain') =>
    listWords({ total, searched, like: null }, { collapse });
  assert.equal(words(0), 'Nothing found');
  assert.equal(words(1), '1 result');
  assert.equal(words(200), 'The 200 closest results');
  assert.equal(words(200, 'false', ''), 'The 200 newest headlines');
  assert.equal(words(36, 'false'), '36 headlines');
});
