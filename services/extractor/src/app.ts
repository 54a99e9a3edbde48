import type { Service } from '@afk/bus';
import { retain } from './handlers/trigger-retention.ts';
import { extract, type Deps } from './handlers/trigger-xml-headlines-extractor.ts';

/** Wires the extractor's two jobs: to take in, and to forget. */
export function buildApp(service: Service, deps: Deps): Service {
  service.on('trigger-xml-headlines-extractor', extract(deps));
  service.on('trigger-retention', retain(deps));
  return service;
}
