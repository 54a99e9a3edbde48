import type { Service } from '@afk/bus';
import { groupHeadlines, type Deps } from './handlers/headlines_classified.ts';
import { buildTrendsOf } from './handlers/topics_built.ts';

/** Wires the two steps of the topic builder: stories, then trends. */
export function buildApp(service: Service, deps: Deps): Service {
  service.on('headlines_classified', groupHeadlines(deps));
  service.on('topics_built', buildTrendsOf(deps));
  return service;
}
