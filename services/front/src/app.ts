import type { Service } from '@afk/bus';
import type { App } from '@afk/runtime';
import { rebuildSite } from './handlers/index_complete.ts';
import { catchUp } from './site/catch-up.ts';
import { createRebuild, type Parts } from './site/rebuild.ts';

/** Wires the rebuild, and serves the newest build that there is from the start. */
export function buildApp(service: Service, parts: Parts): App {
  const { server, builds, log } = parts;
  const rebuild = createRebuild(parts);
  const stopping = new AbortController();
  let catchingUp: Promise<void> | undefined;
  service.on('index_complete', rebuildSite(rebuild));
  return {
    async start() {
      const newest = await builds.newest();
      if (newest)
        await server.swap(newest).catch((error: Error) => log.warn({ error: error.message }, 'old build'));
      const { port } = await server.listen();
      log.info({ port }, 'serving');
      await service.start();
      catchingUp = catchUp(parts, rebuild, stopping.signal);
    },
    async close() {
      stopping.abort();
      await service.close();
      await catchingUp;
      await server.close();
    },
    healthy: () => service.healthy(),
  };
}
