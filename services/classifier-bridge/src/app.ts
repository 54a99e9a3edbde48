import type { Service } from '@afk/bus';
import type { App, Checks } from '@afk/runtime';
import type { Deps } from './handlers/deps.ts';
import { classifyTrends } from './handlers/trends_built.ts';
import { classifyHeadlines } from './handlers/xml_processing_complete.ts';
import type { ModelSource } from './models/source.ts';

export type AppDeps = Deps & { models: ModelSource };

/** Where it is told that another model is active: `{ key: 'classifier_model', value: version }`. */
const CHANNEL = 'config:changes';

/** Wires the two handlers of the classifier, headlines then trends, to the model of the moment. */
export function buildApp(service: Service, deps: AppDeps): App {
  const { models, outcomes, provider } = deps;
  const ended = new AbortController();
  let measuring: Promise<void> | undefined;
  service.on('xml_processing_complete', classifyHeadlines(deps));
  service.on('trends_built', classifyTrends(deps));

  // Every event looks for itself which model is active: this only loads it before there is one.
  async function onChange({ key }: { key?: unknown }): Promise<void> {
    if (key === 'classifier_model') await models.current();
  }

  return {
    async start() {
      await models.start(ended.signal);
      await service.start();
      await service.listen(CHANNEL, { onMessage: onChange });
      measuring = models.measure(ended.signal);
    },
    async close() {
      ended.abort();
      await service.close();
      await measuring;
    },
    healthy: () => service.healthy(),
    async checks(): Promise<Checks> {
      const speaks = [provider?.kind ?? 'linear', outcomes.trouble()].filter(Boolean).join(': ');
      // A provider that is away stops nothing: it is told, and is no fault of this service.
      return {
        model: { ok: models.loaded() !== undefined, detail: models.loaded()?.name ?? 'none' },
        provider: { ok: true, detail: speaks },
      };
    },
  };
}
