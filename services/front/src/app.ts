import type { Service } from '@afk/bus';
import type { App } from '@afk/runtime';
import { rebuildSite, type Deps } from './handlers/index_complete.ts';

/** Wires the rebuild, and serves the newest build that there is from the start. */
export function buildApp(service: Service, deps: Deps): App {
  const { server, builds, log } = deps;
  service.on('index_complete', rebuildSite(deps));
  return {
    async start() {
      const newest = await builds.newest();
      if (newest)
        await server.swap(newest).catch((error: Error) => log.warn({ error: error.message }, 'old build'));
      const { port } = await server.listen();
      log.info({ port }, 'serving');
      await service.start();
    },
    async close() {
      await service.close();
      await server.close();
    },
    healthy: () => service.healthy(),
  };
}
