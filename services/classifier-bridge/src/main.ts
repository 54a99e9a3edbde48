import { startPipelineService } from '@afk/runtime';
import { buildApp } from './app.ts';
import { env } from './env.ts';
import { ModelRows } from './models/source.ts';
import { chooseProvider } from './providers/choose.ts';
import { countOutcomes } from './providers/outcomes.ts';

await startPipelineService('classifier-bridge', env, ({ service, db, env, log, registry }) =>
  buildApp(service, {
    db,
    models: new ModelRows({ db, pin: env.CLASSIFIER_MODEL, log }),
    provider: chooseProvider(env),
    outcomes: countOutcomes(registry),
    threshold: env.CLASSIFIER_THRESHOLD,
  }),
);
