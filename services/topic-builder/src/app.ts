import type { Service } from '@afk/bus';
import { buildTopicsOf, type Deps } from './handlers/headlines_classified.ts';
import { buildTrendsOf } from './handlers/topics_built.ts';

/** Wires the two steps of the topic builder: topics, then trends. */
export function buildApp(service: Service, deps: Deps): Service {
  service.on('headlines_classified', buildTopicsOf(deps));
  service.on('topics_built', buildTrendsOf(deps));
  return service;
}
