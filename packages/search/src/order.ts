import type { Ranked } from './hybrid.ts';

/** The story of a headline: its id, and how many publishers tell it. */
export type Story = { story: string; publishers: number };

/** What a story told by e (2.7) times as many publishers gains, as a share of the score. */
const GAIN = 0.08;
/** After so many hours what is new counts half in {@link byRecency}, hours. */
const HALF_LIFE = 24;
/** What age can take away, as a share of the score. */
const AGE = 0.6;
/** Hits of its story that a hit names. */
const NAMED = 3;

/** Of hits that fit about as well, those of the story that more publishers tell come first. */
export function byProminence(hits: readonly Ranked[], stories: ReadonlyMap<string, Story>): Ranked[] {
  return reordered(hits, ({ id }) => 1 + GAIN * Math.log(Math.max(1, stories.get(id)?.publishers ?? 1)));
}

/** Of hits that fit about as well, the newer first. Wants `published_at` in the payload. */
export function byRecency(hits: readonly Ranked[], clock: Date): Ranked[] {
  return reordered(hits, ({ payload }) => {
    const at = Date.parse(String(payload['published_at']));
    const hours = Number.isNaN(at) ? Infinity : Math.max(0, clock.getTime() - at) / 3_600_000;
    return 1 - AGE * (1 - 2 ** (-hours / HALF_LIFE));
  });
}

function reordered(hits: readonly Ranked[], factor: (hit: Ranked) => number): Ranked[] {
  return hits
    .map((hit) => ({ ...hit, score: hit.score * factor(hit) }))
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}

/** A hit, with those of its story that stand behind it. */
export type Collapsed = Ranked & { story: string | null; also: string[]; others: number };

/** One hit a story, the best, in the place of the best. What belongs to no story stands alone. */
export function collapsed(hits: readonly Ranked[], stories: ReadonlyMap<string, Story>): Collapsed[] {
  const first = new Map<string, Collapsed>();
  const kept: Collapsed[] = [];
  for (const hit of hits) {
    const story = stories.get(hit.id)?.story ?? null;
    const head = story === null ? undefined : first.get(story);
    if (head) {
      head.others += 1;
      if (head.also.length < NAMED) head.also.push(hit.id);
      continue;
    }
    const one = { ...hit, story, also: [], others: 0 };
    kept.push(one);
    if (story !== null) first.set(story, one);
  }
  return kept;
}

/** Every hit by itself. */
export const separate = (hits: readonly Ranked[], stories: ReadonlyMap<string, Story>): Collapsed[] =>
  hits.map((hit) => ({ ...hit, story: stories.get(hit.id)?.story ?? null, also: [], others: 0 }));

/**
 * How often each value of a field occurs, the commonest first, equally common in order of name; days newest first.
 *
 * @param most values at most
 */
export function countsOf(
  hits: readonly Ranked[],
  field: string,
  most: number,
): { value: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { payload } of hits) {
    const value = payload[field];
    if (typeof value === 'string' && value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const rows = Array.from(counts, ([value, count]) => ({ value, count }));
  const byName = (a: { value: string }, b: { value: string }): number => (a.value < b.value ? -1 : 1);
  rows.sort((a, b) => (field === 'day' ? -byName(a, b) : b.count - a.count || byName(a, b)));
  return rows.slice(0, most);
}
