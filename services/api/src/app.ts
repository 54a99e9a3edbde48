import { newId } from '@afk/bus';
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { App, Deps } from './deps.ts';
import { measure } from './metrics.ts';
import { describe } from './openapi.ts';
import { refuseConnection, sendNotFound, sendProblem } from './problem.ts';
import { batchRoutes } from './routes/batches.ts';
import { deadLetterRoutes } from './routes/dead-letters.ts';
import { feedRoutes } from './routes/feeds.ts';
import { headlineRoutes } from './routes/headlines.ts';
import { historyRoutes } from './routes/history.ts';
import { pipelineRoutes } from './routes/pipeline.ts';
import { savedSearchRoutes } from './routes/saved-searches.ts';
import { searchRoutes } from './routes/search.ts';
import { suggestRoutes } from './routes/suggest.ts';
import { systemRoutes } from './routes/system.ts';
import { trendRoutes } from './routes/trends.ts';

const routes = [
  systemRoutes,
  searchRoutes,
  suggestRoutes,
  savedSearchRoutes,
  trendRoutes,
  historyRoutes,
  headlineRoutes,
  feedRoutes,
  batchRoutes,
  deadLetterRoutes,
  pipelineRoutes,
];

/** The API without a process: give it what it needs, then `listen` or `inject`. */
export function buildApp(deps: Deps): FastifyInstance {
  const app = fastify({
    ...(deps.log ? { loggerInstance: deps.log as FastifyBaseLogger } : { logger: false }),
    // Two lines a request are too many: one, at debug level, is below.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId(),
    requestTimeout: 30_000,
    frameworkErrors: sendProblem,
    clientErrorHandler: refuseConnection,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler(sendNotFound);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
  });
  app.addHook('onResponse', async ({ log, method, url }, { statusCode, elapsedTime }) => {
    log.debug({ method, url, status: statusCode, ms: Math.round(elapsedTime) }, 'answered');
  });
  measure(app, deps.registry);
  describe(app, deps.version);
  app.register(async (scope) => {
    for (const add of routes) add(scope.withTypeProvider() as App, deps);
  });
  return app;
}
