import { outlets } from './outlets.ts';
import type { DemoOutlet } from './outlets.ts';

/** The invented outlets, French first. */
export const demoOutlets: readonly DemoOutlet[] = outlets.map(({ slug, title, language, format }) => ({
  slug,
  title,
  language,
  format,
}));

export { demoStories } from './corpus.ts';
export { demoOpml } from './opml.ts';
export { renderDemoFeed } from './render.ts';
export { demoItemId, seasonHours } from './season.ts';
export { demoLineage, stories as demoStoryDetails } from './stories.ts';
export type { RenderedFeed } from './formats/feed.ts';
export type { DemoOutlet } from './outlets.ts';
export type { DemoCurve, DemoLineage, DemoStory, DemoTopic } from './stories.ts';
