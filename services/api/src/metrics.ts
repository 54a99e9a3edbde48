import type { FastifyInstance } from 'fastify';
import { Histogram } from 'prom-client';
import type { Registry } from '@afk/runtime';

/** Times every answer, by the route's pattern: a URL as a label would make a series of each id. */
export function measure(app: FastifyInstance, registry: Registry): void {
  const seconds = new Histogram({
    name: 'afk_http_seconds',
    help: 'Time to answer an HTTP request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const search = new Histogram({
    name: 'afk_search_seconds',
    help: 'Time to answer a search that succeeded, by how it was asked',
    labelNames: ['mode'],
    buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
    registers: [registry],
  });
  app.addHook('onResponse', async ({ method, routeOptions, query }, reply) => {
    const route = routeOptions.url ?? 'none';
    seconds.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    const mode = modeOf(route, query as Query);
    if (mode && reply.statusCode < 400) search.observe({ mode }, reply.elapsedTime / 1000);
  });
}

type Query = { like?: unknown; sort?: unknown };

/** How a search was asked; undefined for what is none. */
function modeOf(route: string, query: Query): string | undefined {
  if (route === '/api/v1/search.rss') return 'feed';
  if (route === '/api/v1/search/suggest') return 'suggest';
  if (route !== '/api/v1/search') return undefined;
  if (query.like !== undefined) return 'like';
  return query.sort === 'recent' ? 'recent' : 'relevance';
}
