import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { elapsed } from './router.ts';

/** Open without a key, as with Qdrant: what asks whether the server is there. */
const OPEN = ['/', '/healthz', '/livez', '/readyz'];

/** Lets in only who brings the key: as `api-key`, or as a bearer token. */
export function addApiKey(app: FastifyInstance, apiKey: string): void {
  const wanted = digest(apiKey);
  app.addHook('onRequest', (request, reply, done) => {
    const [path = ''] = request.url.split('?', 1);
    const given = keyOf(request);
    if (OPEN.includes(path) || (given !== undefined && timingSafeEqual(digest(given), wanted))) return done();
    const error =
      given === undefined
        ? 'Must provide an API key or an Authorization bearer token'
        : 'Invalid API key or JWT';
    void reply.code(401).send({ status: { error }, time: elapsed(request) });
  });
}

function keyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['api-key'];
  if (typeof key === 'string') return key;
  return /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
}

/** Of one length, whatever is compared. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
