export {
  appliedMigrations,
  knownMigrations,
  migrate,
  migrateWithin,
  NewerSchema,
  refuseNewer,
} from './migrate.ts';
export { MARK, ownNames } from './own.ts';
export { createPool, transaction, withLock, type Pool, type Queryable } from './pool.ts';
export * from './store/batches.ts';
export * from './store/deliveries.ts';
export * from './store/encoder-models.ts';
export * from './store/feeds.ts';
export * from './store/flow.ts';
export * from './store/headlines.ts';
export * from './store/models.ts';
export * from './store/opinions.ts';
export * from './store/retention.ts';
export * from './store/saved-searches.ts';
export * from './store/search-evaluation.ts';
export * from './store/search-indexes.ts';
export * from './store/search-words.ts';
export * from './store/stories.ts';
export * from './store/trend-events.ts';
export * from './store/trends.ts';
export * from './read/batches.ts';
export * from './read/feeds.ts';
export * from './read/flow.ts';
export * from './read/headlines.ts';
export * from './read/history.ts';
export * from './read/saved-searches.ts';
export { snapshot, type Page } from './read/snapshot.ts';
export * from './read/suggest.ts';
export * from './read/trends.ts';
export * from './read/archive.ts';
export * from './read/storylines.ts';
