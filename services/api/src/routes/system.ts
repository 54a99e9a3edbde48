import { healthBody } from '@afk/runtime';
import { http } from '@afk/contracts';
import { z } from 'zod';
import type { App, Deps } from '../deps.ts';
import { answer } from '../openapi.ts';

const index = {
  trends: '/api/v1/trends',
  headlines: '/api/v1/headlines',
  search: '/api/v1/search?q=',
  search_feed: '/api/v1/search.rss?q=',
  suggest: '/api/v1/search/suggest?q=',
  saved_searches: '/api/v1/searches',
  feeds: '/api/v1/feeds',
  batches: '/api/v1/batches',
  dead_letters: '/api/v1/dead-letters',
  pipeline: '/api/v1/pipeline',
  health: '/health',
  metrics: '/metrics',
  openapi: '/openapi.json',
  docs: '/docs',
};

/** What is here, whether it is well, and how it is described. */
export function systemRoutes(app: App, { checks, registry, version }: Deps): void {
  app.get('/', { schema: { hide: true } }, async () => ({ name: 'AFK', version, ...index }));

  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());

  const health = {
    summary: 'Whether the API and what it depends on are there',
    tags: ['system'],
    response: { 200: answer('All is well', http.health), 503: answer('Something is away', http.health) },
  };
  app.get('/health', { schema: health }, async (_request, reply) => {
    const { status, body } = healthBody('api', version, await checks());
    return reply.code(status as 200 | 503).send(body as http.Health);
  });

  const metrics = {
    summary: 'Figures for Prometheus',
    tags: ['system'],
    response: { 200: answer('Prometheus text', z.string(), 'text/plain') },
  };
  app.get('/metrics', { schema: metrics }, async (_request, reply) => {
    reply.header('content-type', registry.contentType);
    return registry.metrics();
  });
}
