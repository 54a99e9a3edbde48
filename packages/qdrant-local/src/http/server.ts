import fastify from 'fastify';
import type { FastifyError, FastifyInstance } from 'fastify';
import type { Catalog } from '../catalog.ts';
import { QdrantError } from '../errors.ts';
import type { Snapshots } from '../snapshots/snapshots.ts';
import { addApiKey } from './api-key.ts';
import { parseBody } from './params.ts';
import { addRoutes, elapsed } from './router.ts';
import { aliasRoutes } from './routes/aliases.ts';
import { collectionRoutes } from './routes/collections.ts';
import { facetRoutes } from './routes/facet.ts';
import { pointRoutes } from './routes/points.ts';
import { queryRoutes } from './routes/query.ts';
import { addServiceRoutes } from './routes/service.ts';
import { addSnapshotFiles, snapshotRoutes } from './routes/snapshots.ts';
import { updateRoutes } from './routes/update.ts';
import { unsupportedRoutes } from './routes/unsupported.ts';

const MAX_BODY_BYTES = 64 * 1024 * 1024;
/** Characters; such a body takes some milliseconds to parse. */
const LARGE_BODY = 256 * 1024;
/** Longer than clients keep an idle connection, so that they are the ones who close it. */
const KEEP_ALIVE_MS = 90_000;

/** What the client reads. Only what is none of our own errors is a 500. */
function statusAndMessage(error: FastifyError | QdrantError): [number, string] {
  if (error instanceof QdrantError) return [error.statusCode, error.message];
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return [400, `JSON payload is larger than allowed (limit: ${MAX_BODY_BYTES} bytes)`];
  }
  const status = error.statusCode ?? 500;
  return [status, status < 500 ? error.message : `Service internal error: ${error.message}`];
}

function addErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | QdrantError, request, reply) => {
    const [status, message] = statusAndMessage(error);
    return reply.code(status).send({ status: { error: message }, time: elapsed(request) });
  });
  app.setNotFoundHandler((request, reply) => {
    const error = `Not found: ${request.method} ${request.url} is no route of Qdrant's REST API`;
    return reply.code(404).send({ status: { error }, time: elapsed(request) });
  });
}

/** The HTTP side of a catalog and its snapshots; not listening yet. */
export function buildServer(catalog: Catalog, snapshots: Snapshots, apiKey?: string): FastifyInstance {
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // An idle client connection must not hold up close().
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 4096 },
  });
  app.decorateRequest('startedAt', 0);
  app.addHook('onRequest', (request, _reply, done) => {
    request.startedAt = performance.now();
    done();
  });
  if (apiKey) addApiKey(app, apiKey);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      const parsed = parseBody(body as string);
      // Others have their turn between reading a large body and doing what it says.
      if (body.length > LARGE_BODY) setImmediate(done, null, parsed);
      else done(null, parsed);
    } catch (error) {
      done(error as Error);
    }
  });
  addErrors(app);
  addServiceRoutes(app);
  addRoutes(app, [
    ...collectionRoutes(catalog),
    ...aliasRoutes(catalog),
    ...pointRoutes(catalog),
    ...updateRoutes(catalog),
    ...facetRoutes(catalog),
    ...queryRoutes(catalog),
    ...snapshotRoutes(snapshots),
    ...unsupportedRoutes,
  ]);
  addSnapshotFiles(app, snapshots);
  return app;
}
