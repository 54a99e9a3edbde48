export { buildTopics, buildTopicsAsync } from './build-topics.ts';
export { matchTrends, traceTrends } from './match-trends.ts';
export { scoreTrend } from './score-trend.ts';
export type * from './types.ts';
