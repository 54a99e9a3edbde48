import type { Headline } from './corpus.ts';

export const CONFIG = {
  vectors: { dense: { size: 128, distance: 'Cosine' } },
  sparse_vectors: { words: { modifier: 'idf' } },
};

/** Payload fields with an index, as a search of news has them. */
export const INDEXES = {
  category: 'keyword',
  publisher: 'keyword',
  language: 'keyword',
  day: 'keyword',
  story_id: 'keyword',
  published_at: 'datetime',
} as const;

const FILTER = {
  must: [
    { key: 'language', match: { value: 'en' } },
    { key: 'category', match: { value: 'sport' } },
  ],
};

type Query = Headline['vector'];

const dense = ({ dense: query }: Query, limit: number): object => ({ query, using: 'dense', limit });
const sparse = ({ words: query }: Query, limit: number): object => ({ query, using: 'words', limit });

const hybrid = (query: Query, limit: number): object => ({
  prefetch: [sparse(query, limit), dense(query, limit)],
  query: { fusion: 'rrf' },
  limit: 20,
  with_payload: true,
});

/** What is asked for, by name: the last is a search as AFK makes it, with the lists for the ranks. */
export const SEARCHES: Record<string, (query: Query) => object[]> = {
  dense: (query) => [dense(query, 100)],
  sparse: (query) => [sparse(query, 100)],
  'dense, filtered': (query) => [{ ...dense(query, 100), filter: FILTER }],
  'sparse, filtered': (query) => [{ ...sparse(query, 100), filter: FILTER }],
  'hybrid batch': (query) => [hybrid(query, 100), sparse(query, 100), dense(query, 100)],
};
