import { http } from '@afk/contracts';
import { listFeeds } from '@afk/database';
import type { App, Deps } from '../deps.ts';
import { answer, problems } from '../openapi.ts';
import { nothing } from '../query.ts';

const list = {
  summary: 'The feeds that are fetched, and how each fares',
  tags: ['feeds'],
  querystring: nothing,
  response: { 200: answer('All of them', http.feedList), ...problems },
};

export function feedRoutes(app: App, { db }: Deps): void {
  app.get('/api/v1/feeds', { schema: list }, async () => listFeeds(db));
}
