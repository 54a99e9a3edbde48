import { http } from '@afk/contracts';
import type { FakeData } from './fake-data.ts';

/** A misspelt word that the fake search puts right. */
const misspelt: Record<string, string> = { watr: 'water', resevoir: 'reservoir' };

type Found = http.SearchResult | { field: string; message: string };

/** Headlines with any of the words in title or summary, a story's newest before its others; or what is wrong. */
export function fakeSearch(data: FakeData, query: URLSearchParams): Found {
  const [q, like] = [query.get('q') ?? '', query.get('like')];
  const [limit, offset] = [Number(query.get('limit') ?? 20), Number(query.get('cursor') ?? 0)];
  if (q.length > 200) return { field: 'q', message: 'at most 200 characters' };
  if (q.includes('after:never'))
    return { field: 'q', message: '"after:never" is no day; such as 2026-01-31' };
  if (Number.isNaN(offset)) return { field: 'cursor', message: 'is no cursor of this question' };
  const asked = q.toLowerCase().split(/\s+/).filter(Boolean);
  const words = asked.map((word) => misspelt[word] ?? word.replaceAll('"', ''));
  const corrected = asked.filter((word) => misspelt[word]);
  const model = data.headlines.find((h) => h.id === like);
  const hits = data.headlines
    .filter((h) => passes(h, query))
    .filter((h) => (model ? h.trend_id === model.trend_id : words.some((w) => textOf(h).includes(w))));
  const apart = query.get('collapse') === 'false';
  const listed = apart ? hits : firstOfEach(hits);
  const items = listed
    .slice(offset, offset + limit)
    .map((h, n) => foundOf(h, offset + n, words, apart ? [] : hits));
  return http.searchResult.parse({
    query: q,
    like: model ?? null,
    searched: words.join(' '),
    corrections: corrected.map((word) => ({ word, to: misspelt[word] })),
    as_typed: corrected.length > 0 ? asked.map((w) => (misspelt[w] ? `"${w}"` : w)).join(' ') : null,
    notes: [],
    took_ms: { total: 14.2, bus: 1.1, encode: 0.4, vectors: 3.2 },
    encoder: { sparse: 'bm25-1', dense: 'lsa-1' },
    total: listed.length,
    next: offset + limit < listed.length ? String(offset + limit) : null,
    facets: query.has('facets') ? facetsOf(hits) : {},
    items,
  });
}

const textOf = (h: http.Headline): string => `${h.title} ${h.summary}`.toLowerCase();

function passes(h: http.Headline, query: URLSearchParams): boolean {
  const is = (name: string, value: string | undefined): boolean =>
    !query.get(name) || query.get(name) === value;
  const [from, to] = [query.get('from'), query.get('to')];
  return (
    is('category', h.category?.id) &&
    is('language', h.language) &&
    is('publisher', h.publisher) &&
    (!from || Date.parse(h.published_at) >= Date.parse(from)) &&
    (!to || Date.parse(h.published_at) <= Date.parse(to))
  );
}

const firstOfEach = (hits: http.Headline[]): http.Headline[] =>
  [...new Map(hits.toReversed().map((h) => [h.trend_id, h])).values()].toReversed();

function foundOf(h: http.Headline, n: number, words: string[], hits: http.Headline[]): http.FoundHeadline {
  const [title, summary] = [rangesOf(h.title, words), rangesOf(h.summary, words)];
  const behind = hits.filter((other) => other.trend_id === h.trend_id && other.id !== h.id);
  const has = title.length + summary.length > 0;
  return {
    ...h,
    relevance: 1 / (1 + n),
    why: {
      sparse_rank: has ? n + 1 : null,
      dense_rank: n % 3 === 2 ? null : 2 * n + 1,
      matched: title.map(([start, end]) => h.title.slice(start, end)),
      title,
      summary,
    },
    story: {
      others: behind.length,
      items: behind.slice(0, 5).map(({ id, title, url, publisher }) => ({ id, title, url, publisher })),
    },
  };
}

function rangesOf(text: string, words: string[]): [number, number][] {
  const found = words.filter(Boolean).flatMap((word): [number, number][] => {
    const at = text.toLowerCase().indexOf(word);
    return at < 0 ? [] : [[at, at + word.length]];
  });
  return found.toSorted((a, b) => a[0] - b[0]);
}

function facetsOf(hits: http.Headline[]): http.SearchResult['facets'] {
  const count = (valueOf: (h: http.Headline) => string | undefined) => {
    const groups = Map.groupBy(hits.filter(valueOf), (h) => valueOf(h)!);
    return Array.from(groups, ([value, list]) => ({ value, count: list.length })).toSorted(
      (a, b) => b.count - a.count,
    );
  };
  return {
    category: count((h) => h.category?.id),
    language: count((h) => h.language),
    publisher: count((h) => h.publisher),
    day: count((h) => h.published_at.slice(0, 10)).toSorted((a, b) => (a.value < b.value ? 1 : -1)),
  };
}

/** Keywords that begin with the last word, and the labels of their stories. */
export function fakeSuggestions(data: FakeData, q: string): http.Suggestions {
  const last = /\S*$/.exec(q)![0].toLowerCase();
  const head = q.slice(0, q.length - last.length);
  const words = [...new Set(data.trends.items.flatMap((t) => t.keywords))].filter((w) =>
    last ? w.toLowerCase().startsWith(last) : false,
  );
  const stories = data.trends.items.filter((t) => last && t.label.toLowerCase().startsWith(last));
  const items = [
    ...words.map((text, n) => ({ text: head + text, kind: 'word' as const, headlines: 40 - n })),
    ...stories.map((t) => ({ text: t.label, kind: 'story' as const, headlines: t.headlines })),
  ];
  return { q, items: items.slice(0, 8) };
}
