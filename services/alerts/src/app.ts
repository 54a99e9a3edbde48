import type { Service } from '@afk/bus';
import { deliver, type DeliverDeps } from './handlers/saved_search_matched.ts';
import { evaluate } from './handlers/index_complete.ts';

/** Wires the two steps of an alert: what matches, then whom it is told. A test takes the second alone. */
export function buildApp(service: Service, deps: DeliverDeps): Service {
  const told = deliver(deps);
  service.on('index_complete', evaluate(deps));
  service.on('saved_search_matched', told);
  service.on('saved_search_test', told);
  return service;
}
