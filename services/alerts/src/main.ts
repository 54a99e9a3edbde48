import { startPipelineService } from '@afk/runtime';
import { buildApp } from './app.ts';
import { env } from './env.ts';
import { createSender } from './webhook/send.ts';

await startPipelineService('alerts', env, ({ service, pipeline, db, env, log, resources }) => {
  const sender = createSender({ allowPrivate: env.AFK_ALLOW_PRIVATE_WEBHOOKS === '1' });
  resources.add('sender', sender, (s) => s.close());
  const { retry } = pipeline.services['alerts']!;
  return buildApp(service, { db, sender, retry, publicUrl: env.AFK_PUBLIC_URL, log });
});
