import type { NewHeadline } from '@afk/database';
import { demoOutlets, renderDemoFeed } from '@afk/demo-feeds';
// The headlines as the line has them: read from the feeds by what reads them there.
import { readFeed } from '../../../extractor/src/domain/read-feed.ts';

const seasonEnd = new Date('2026-03-01T00:00:00Z');

/** The whole season of the demo, each headline once. */
export function demoHeadlines(): NewHeadline[] {
  return demoOutlets.flatMap(({ slug }) => {
    const { body } = renderDemoFeed(slug, { anchor: seasonEnd, now: seasonEnd });
    const context = { url: `demo:${slug}`, title: slug, language: null, now: seasonEnd, clamp: false };
    return readFeed(body, context).headlines;
  });
}
