import type { Pool } from '@afk/database';
import type { ModelSource } from '../models/source.ts';
import type { Outcomes } from '../providers/outcomes.ts';
import type { Provider } from '../providers/provider.ts';

/** What the handlers work with. */
export type Deps = {
  db: Pool;
  models: Pick<ModelSource, 'current'>;
  /** A model on the network; without it the linear model speaks. */
  provider?: Provider | undefined;
  outcomes: Outcomes;
  /** Below this probability there is no category. */
  threshold: number;
};

/** Several models, where several spoke. */
export function namesOf(models: Iterable<string>): string {
  return [...new Set(models)].toSorted().join(' + ');
}
