import { startBusService } from '@afk/runtime';
import { buildApp } from './app.ts';
import { env } from './env.ts';
import { Builds } from './site/builds.ts';
import { createSiteServer } from './site/index.ts';

await startBusService('front', env, ({ service, env, log }) => {
  const { FRONT_HOST: host, FRONT_PORT: port, AFK_API_URL: apiUrl } = env;
  const server = createSiteServer({ host, port, apiUrl, log });
  return buildApp(service, { builds: new Builds(env.SITE_DIR), server, apiUrl, log });
});
