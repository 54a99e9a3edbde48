import type { ReplyOf } from '@afk/contracts';

/** The least reply to a search: the headlines of these ids. */
export const found = (...ids: string[]): ReplyOf<'splade_search'> => ({
  hits: ids.map((id) => ({
    id,
    score: 1,
    sparse_rank: 1,
    dense_rank: null,
    story: null,
    also: [],
    others: 0,
  })),
  total: ids.length,
  facets: {},
  searched: '',
  corrections: [],
  notes: [],
  encoder: { sparse: 'test', dense: null },
  took_ms: { encode: 0, vectors: 0, total: 1 },
});
