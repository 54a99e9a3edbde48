import { http } from '@afk/contracts';
import { trendHistory } from '@afk/database';
import { z } from 'zod';
import type { App, Deps } from '../deps.ts';
import { answer, problem, problems } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import { page, uuid } from '../query.ts';

const history = {
  summary: 'How a trend went: its births, mergers, splits and sleeps, newest first',
  description:
    'Told from its own side, up to the clock of the current trends. A trend that went into another keeps its history ' +
    'here, without a redirect: its last event is `merged`.',
  tags: ['trends'],
  params: z.object({ id: z.string() }),
  querystring: z.strictObject(page(200, 50)),
  response: {
    200: answer('The events of the trend', http.trendHistory),
    404: problem('There is no such trend'),
    ...problems,
  },
};

export function historyRoutes(app: App, { db }: Deps): void {
  app.get(
    '/api/v1/trends/:id/history',
    { schema: history },
    async ({ params: { id }, query: { limit, offset } }) => {
      const found = uuid.safeParse(id).success ? await trendHistory(db, id, { limit, offset }) : undefined;
      if (!found) throw new ProblemError(404, `There is no trend ${id}`);
      return found;
    },
  );
}
