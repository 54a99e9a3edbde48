import { http } from '@afk/contracts';
import { listHeadlines } from '@afk/database';
import { z } from 'zod';
import type { App, Deps } from '../deps.ts';
import { answer, problems } from '../openapi.ts';
import {
  category,
  instant,
  language,
  name,
  orderedTimes,
  orderedTimesError,
  page,
  toDate,
  uuid,
} from '../query.ts';

const list = {
  summary: 'Headlines up to the clock of the last run, newest first',
  tags: ['headlines'],
  querystring: z
    .strictObject({
      ...page(100, 20),
      category,
      language,
      publisher: name,
      trend: uuid.optional(),
      from: instant.describe('Published then or later'),
      to: instant.describe('Published then or before'),
    })
    .refine(orderedTimes, orderedTimesError),
  response: { 200: answer('A page of headlines', http.headlineList), ...problems },
};

export function headlineRoutes(app: App, { db }: Deps): void {
  app.get('/api/v1/headlines', { schema: list }, async ({ query: { limit, offset, from, to, ...filter } }) =>
    listHeadlines(db, { ...filter, from: toDate(from), to: toDate(to) }, { limit, offset }),
  );
}
