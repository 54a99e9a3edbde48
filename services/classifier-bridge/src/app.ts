import type { Service } from '@afk/bus';
import { classifyTrends } from './handlers/trends_built.ts';
import { classifyHeadlines, type Deps } from './handlers/xml_processing_complete.ts';

/** Wires the two handlers of the classifier: headlines, then trends. */
export function buildApp(service: Service, deps: Deps): Service {
  service.on('xml_processing_complete', classifyHeadlines(deps));
  service.on('trends_built', classifyTrends(deps));
  return service;
}
