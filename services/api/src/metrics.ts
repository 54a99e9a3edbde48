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
  app.addHook('onResponse', async ({ method, routeOptions }, reply) => {
    const route = routeOptions.url ?? 'none';
    seconds.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
}
