import type { FastifyInstance } from 'fastify';

/** The version of Qdrant whose behaviour this follows; clients warn when theirs is further than one minor away. */
const QDRANT_VERSION = '1.18.0';

const HEALTH = {
  '/healthz': 'healthz check passed',
  '/livez': 'healthz check passed',
  '/readyz': 'all shards are ready',
};

/** Routes outside of the envelope. */
export function addServiceRoutes(app: FastifyInstance): void {
  app.get('/', () => ({ title: 'qdrant-local - vector search engine', version: QDRANT_VERSION }));
  for (const [path, text] of Object.entries(HEALTH)) {
    app.get(path, (_request, reply) => reply.type('text/plain').send(text));
  }
}
