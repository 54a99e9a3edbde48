import { http } from '@afk/contracts';
import { z } from 'zod';
import type { App, Deps } from '../deps.ts';
import { answer, problems } from '../openapi.ts';
import { wholeNumber } from '../query.ts';

const list = {
  summary: 'Events that no attempt could handle, newest first',
  tags: ['flow'],
  querystring: z.strictObject({ limit: wholeNumber(1, 500, 100) }),
  response: { 200: answer('`total` counts those beyond the limit, too', http.deadLetterList), ...problems },
};

export function deadLetterRoutes(app: App, { deadLetters }: Deps): void {
  app.get('/api/v1/dead-letters', { schema: list }, async ({ query }) => deadLetters(query.limit));
}
