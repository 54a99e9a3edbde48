import { demoItemId, demoOutlets, demoStories, renderDemoFeed } from '@afk/demo-feeds';
// The headlines as the line has them: read from the feeds by what reads them there.
import { readFeed } from '../../../extractor/src/domain/read-feed.ts';
import type { NewHeadline } from '@afk/database';

/** The end of the demo's season: 72 hours before it begins. */
export const seasonEnd = new Date('2026-03-01T00:00:00Z');

/** The whole season, each headline once. */
export function demoHeadlines(): NewHeadline[] {
  return demoOutlets.flatMap(({ slug }) => {
    const { body } = renderDemoFeed(slug, { anchor: seasonEnd, now: seasonEnd });
    const context = { url: `demo:${slug}`, title: slug, language: null, now: seasonEnd, clamp: false };
    return readFeed(body, context).headlines;
  });
}

/** Headline id to the story that it tells; undefined for those that stand alone. */
export function storiesOf(headlines: readonly NewHeadline[]): Map<string, string | undefined> {
  const story = new Map(Object.entries(demoStories).flatMap(([slug, ids]) => ids.map((id) => [id, slug])));
  return new Map(headlines.map((h) => [h.id, story.get(demoItemId(h.url))]));
}

export type PairScore = { precision: number; recall: number };

/** Of the pairs that groups make, the share that one story makes, too, and the other way round. */
export function scorePairs(
  groups: readonly (readonly string[])[],
  stories: ReadonlyMap<string, string | undefined>,
): PairScore {
  let [made, right, wanted] = [0, 0, 0];
  const sizes = new Map<string, number>();
  for (const story of stories.values()) if (story) sizes.set(story, (sizes.get(story) ?? 0) + 1);
  for (const size of sizes.values()) wanted += (size * (size - 1)) / 2;
  for (const group of groups) {
    made += (group.length * (group.length - 1)) / 2;
    const within = new Map<string, number>();
    for (const member of group) {
      const story = stories.get(member);
      if (story) within.set(story, (within.get(story) ?? 0) + 1);
    }
    for (const n of within.values()) right += (n * (n - 1)) / 2;
  }
  return { precision: right / made, recall: right / wanted };
}
