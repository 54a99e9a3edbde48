export { groupStories, groupStoriesAsync } from './stories/group-stories.ts';
export { StoryWindow } from './stories/story-window.ts';
export type * from './stories/types.ts';
export { backdropOf } from './trends/backdrop.ts';
export type { Backdrop } from './trends/backdrop.ts';
export { findBurst } from './trends/burst.ts';
export { ewmaZ } from './trends/ewma.ts';
export { scoreTrend } from './trends/score-trend.ts';
export type * from './trends/types.ts';
export { motionOf } from './trends/velocity.ts';
export type * from './types.ts';
export {
  findTopics,
  findTopicsAsync,
  findTopicsInTokens,
  prepareTokens,
  topicsIn,
} from './topics/find-topics.ts';
export type { PreparedTopics } from './topics/find-topics.ts';
export { kmeans } from './topics/kmeans.ts';
export type * from './topics/types.ts';
