import type { http, SearchHit } from '@afk/contracts';
import type { Highlighter, Range } from '@afk/search';

/**
 * The hits with their headlines and with why each was found. A hit whose row is gone is left out: the index follows
 * at the next run.
 */
export function foundOf(
  hits: readonly SearchHit[],
  headlines: ReadonlyMap<string, http.Headline>,
  mark: Highlighter,
): http.FoundHeadline[] {
  return hits.flatMap((hit) => {
    const headline = headlines.get(hit.id);
    if (!headline) return [];
    return [
      { ...headline, relevance: hit.score, why: whyOf(hit, headline, mark), story: storyOf(hit, headlines) },
    ];
  });
}

/** Ids of all headlines that an answer shows. */
export const idsOf = (hits: readonly SearchHit[]): string[] => hits.flatMap((hit) => [hit.id, ...hit.also]);

function whyOf(hit: SearchHit, headline: http.Headline, mark: Highlighter): http.FoundHeadline['why'] {
  const title = mark(headline.title, headline.language);
  const summary = mark(headline.summary, headline.language);
  const matched = distinct([...cutOut(headline.title, title), ...cutOut(headline.summary, summary)]);
  return { sparse_rank: hit.sparse_rank, dense_rank: hit.dense_rank, matched, title, summary };
}

const cutOut = (text: string, ranges: readonly Range[]): string[] =>
  ranges.map(([start, end]) => text.slice(start, end));

/** Each once, as it stands first. */
function distinct(words: readonly string[]): string[] {
  const seen = new Set<string>();
  return words.filter((word) => seen.size < seen.add(word.toLowerCase()).size);
}

function storyOf(hit: SearchHit, headlines: ReadonlyMap<string, http.Headline>): http.FoundHeadline['story'] {
  const items = hit.also.flatMap((id) => {
    const other = headlines.get(id);
    return other ? [{ id, title: other.title, url: other.url, publisher: other.publisher }] : [];
  });
  return { others: Math.max(items.length, hit.others - (hit.also.length - items.length)), items };
}
