import type { Service } from '@afk/bus';
import { extract, type Deps } from './handlers/trigger-xml-headlines-extractor.ts';

/** Wires the extractor's one handler. */
export function buildApp(service: Service, deps: Deps): Service {
  service.on('trigger-xml-headlines-extractor', extract(deps));
  return service;
}
