import type { Evaluation } from './report.ts';

/** By name. Each is loaded when it is asked for: one must not cost what another needs. */
export const evaluations: Record<string, () => Promise<{ evaluation: Evaluation }>> = {
  stories: () => import('./stories.ts'),
  lineage: () => import('./lineage.ts'),
  topics: () => import('./topics.ts'),
  categories: () => import('./categories.ts'),
  search: () => import('./search.ts'),
};
