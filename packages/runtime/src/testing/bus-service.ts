import { commonEnv, databaseEnv, startPipelineService } from '../index.ts';

/** A service of the repository's pipeline that answers its one event with another. */
await startPipelineService('front', commonEnv.extend(databaseEnv.shape), ({ service, log }) => {
  service.on('index_complete', async (event, ctx) => {
    await new Promise((resolve) => setImmediate(resolve));
    log.info('building');
    ctx.emit('site_built', { status: 'ok', pages: event.count });
  });
  return service;
});
