import { BUCKET_MINUTES, http, WINDOW_HOURS } from '@afk/contracts';
import { findTrend, listTrends } from '@afk/database';
import { z } from 'zod';
import type { App, Deps } from '../deps.ts';
import { answer, problem, problems } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import { category, language, nothing, page, uuid } from '../query.ts';

/** For runs that do not say what they were built with. */
const fallback = { windowHours: WINDOW_HOURS, bucketMinutes: BUCKET_MINUTES };

const list = {
  summary: 'The current trends, the most prominent first',
  tags: ['trends'],
  querystring: z.strictObject({ ...page(200, 50), category, language }),
  response: { 200: answer('The trends of the latest run that built any', http.trendList), ...problems },
};

const detail = {
  summary: 'A trend, current or of the past, with its history and its newest headlines',
  tags: ['trends'],
  params: z.object({ id: z.string() }),
  querystring: nothing,
  response: {
    200: answer('The trend', http.trendDetail),
    308: z.undefined().describe('It was merged into the trend at `Location`'),
    404: problem('There is no such trend'),
    ...problems,
  },
};

export function trendRoutes(app: App, { db }: Deps): void {
  app.get('/api/v1/trends', { schema: list }, async ({ query: { limit, offset, ...filter } }) =>
    listTrends(db, filter, { limit, offset }, fallback),
  );

  app.get('/api/v1/trends/:id', { schema: detail }, async ({ params: { id } }, reply) => {
    const found = uuid.safeParse(id).success ? await findTrend(db, id, fallback) : undefined;
    if (!found) throw new ProblemError(404, `There is no trend ${id}`);
    if ('detail' in found) return found.detail;
    // A trend that was merged away may come back: nobody may remember the redirect.
    reply.header('cache-control', 'no-store');
    return reply.redirect(`/api/v1/trends/${found.mergedInto}`, 308);
  });
}
