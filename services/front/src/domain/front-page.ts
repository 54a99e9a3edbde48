import { categoryOf, type http } from '@afk/contracts';
import { categoryLabel } from '../lib/text.ts';

/** A trend with its headlines: all that the front page needs of one story. */
export type Story = http.TrendDetail;

export type Section = {
  /** Anchor on the page; a category id, or "unsorted". */
  id: string;
  label: string;
  /** Shown at once, most prominent first. */
  stories: Story[];
  /** Behind "more". */
  more: Story[];
};

export type FrontPage = { lead: Story | undefined; seconds: Story[]; briefs: Story[]; sections: Section[] };

const shown = 5;

/**
 * Lays the front page out: one lead, two stories beside it, four briefs below; everything else in
 * sections by category, the section with the most prominent story first and the unsorted last.
 * No story appears twice.
 *
 * @param stories in the API's order, most prominent first.
 */
export function composeFrontPage(stories: readonly Story[]): FrontPage {
  const [lead, ...rest] = stories;
  const top = rest.slice(0, 6);
  const groups = Map.groupBy(rest.slice(6), (s) => categoryOf(s.category?.id)?.id ?? 'unsorted');
  const sections = [...groups].map(([id, list]) => ({
    id,
    label: categoryLabel({ id }),
    stories: list.slice(0, shown),
    more: list.slice(shown),
  }));
  // Groups appear in the order of their first story, so only the unsorted have to move.
  sections.sort((a, b) => Number(a.id === 'unsorted') - Number(b.id === 'unsorted'));
  return { lead, seconds: top.slice(0, 2), briefs: top.slice(2), sections };
}

/** The language of a trend's label: that of the headline it was taken from, else of its first language. */
export function labelLanguage(story: Pick<Story, 'label' | 'items' | 'languages'>): string | undefined {
  return story.items.find((h) => h.title === story.label)?.language ?? story.languages[0];
}

/** The newest headlines that say something else than the label, one a publisher first. */
export function otherHeadlines(story: Pick<Story, 'label' | 'items'>, most: number): http.Headline[] {
  const seen = new Set([story.label]);
  const distinct = story.items.filter((h) => !seen.has(h.title) && seen.add(h.title));
  const publishers = new Set<string>();
  const first = distinct.filter((h) => !publishers.has(h.publisher) && publishers.add(h.publisher));
  return [...first, ...distinct.filter((h) => !first.includes(h))].slice(0, most);
}

/**
 * The newest headlines of what is not told at the top of the page, at most two a story and each title once.
 *
 * @param headlines newest first.
 */
export function latestElsewhere(
  headlines: readonly http.Headline[],
  top: readonly Pick<Story, 'id'>[],
  most: number,
): http.Headline[] {
  const told = new Map<string, number>(top.map((story) => [story.id, 2]));
  const titles = new Set<string>();
  const kept = headlines.filter((headline) => {
    const times = told.get(headline.trend_id ?? '') ?? 0;
    if (times >= 2 || titles.has(headline.title)) return false;
    titles.add(headline.title);
    if (headline.trend_id) told.set(headline.trend_id, times + 1);
    return true;
  });
  return kept.slice(0, most);
}
