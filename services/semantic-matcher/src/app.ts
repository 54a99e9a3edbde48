import type { Logger, Service } from '@afk/bus';
import type { Pool } from '@afk/database';
import type { App } from '@afk/runtime';
import type { EncoderSource } from './encoders/source.ts';
import { search } from './handlers/splade_search.ts';
import { indexHeadlines, type Deps as RunDeps } from './handlers/trends_classified.ts';
import { Indexes } from './index/indexes.ts';
import { Rebuilder } from './index/rebuilder.ts';
import { Searcher } from './search/searcher.ts';
import { healthOf, type QdrantClient } from './store/qdrant.ts';
import type { QueryClient } from './store/query.ts';

export type Deps = {
  db: Pool;
  qdrant: QdrantClient;
  queries: QueryClient;
  source: EncoderSource;
  log: Logger;
} & Pick<RunDeps, 'denseMs'>;
export type MatcherApp = App & { indexes: Indexes; rebuilder: Rebuilder };

/** Wires the index and the search. The index is there before the first question can come. */
export function buildApp(service: Service, { db, qdrant, queries, source, log, denseMs }: Deps): MatcherApp {
  const indexes = new Indexes({ client: qdrant, db, source, prefix: service.names.prefix });
  const rebuilder = new Rebuilder({ db, indexes, source, log });
  service.on('trends_classified', indexHeadlines({ db, indexes, rebuilder, denseMs }));
  service.serve('splade_search', search(new Searcher({ db, indexes, queries })));
  return {
    indexes,
    rebuilder,
    async start() {
      await indexes.toWrite();
      await service.start();
      rebuilder.poke();
    },
    async close() {
      await service.close();
      await rebuilder.close();
      await queries.close();
    },
    healthy: () => service.healthy(),
    checks: async () => ({ qdrant: await healthOf(qdrant) }),
  };
}
