import { commonEnv, databaseEnv, startPipelineService } from '../index.ts';

/** A service of the repository's pipeline that answers its one event with another. */
await startPipelineService('front', commonEnv.extend(databaseEnv.shape), ({ service }) => {
  service.on('index_complete', (event, ctx) => ctx.emit('site_built', { status: 'ok', pages: event.count }));
  return service;
});
