import type { Service } from '@afk/bus';
import type { App } from '@afk/runtime';
import { search } from './handlers/splade_search.ts';
import { ensureIndex, indexHeadlines, type Deps } from './handlers/trends_classified.ts';

/** Wires the index and the search. The collection is made before the first question can come. */
export function buildApp(service: Service, deps: Deps): App {
  service.on('trends_classified', indexHeadlines(deps));
  service.serve('splade_search', search(deps));
  return {
    async start() {
      await ensureIndex(deps);
      await service.start();
    },
    close: () => service.close(),
    healthy: () => service.healthy(),
    checks: async () => ({ qdrant: await deps.index.healthy() }),
  };
}
