import { defineService } from '../src/index.ts';
import { pipelineWith, quiet, schemas, stageOf } from './setting.ts';

/** Memory in use, bytes: `heapUsed` after a collection, so that what is garbage does not count. */
export type Memory = { heapUsed: number; rss: number };

/** One stage of the line in a process of its own, which tells how much memory it uses when asked. */
export async function runStage({
  redisUrl,
  name,
}: {
  redisUrl: string;
  name: string;
}): Promise<() => Promise<void>> {
  const { takes, gives } = stageOf(name);
  const service = defineService(name, { pipeline: pipelineWith(100), redisUrl, schemas, log: quiet });
  service.on(takes as never, (event: { n: number }, ctx) =>
    ctx.emit(gives as never, { n: event.n } as never),
  );
  await service.start();
  process.on('message', (message) => {
    if (message !== 'memory') return;
    globalThis.gc?.();
    const { heapUsed, rss } = process.memoryUsage();
    process.send!({ heapUsed, rss } satisfies Memory);
  });
  return () => service.close();
}
