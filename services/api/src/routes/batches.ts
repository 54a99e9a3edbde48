import { http } from '@afk/contracts';
import { eventsOfBatch, findBatch, listBatches } from '@afk/database';
import { z } from 'zod';
import type { App, Deps } from '../deps.ts';
import { stagesOf } from '../domain/stages.ts';
import { answer, problem, problems } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import { nothing, page, uuid } from '../query.ts';

const list = {
  summary: 'The runs, newest first',
  tags: ['flow'],
  querystring: z.strictObject(page(100, 20)),
  response: { 200: answer('A page of runs', http.batchList), ...problems },
};

const detail = {
  summary: 'A run with its stages and every event of it',
  tags: ['flow'],
  params: z.object({ id: z.string() }),
  querystring: nothing,
  response: {
    200: answer('The run', http.batchDetail),
    404: problem('There is no such batch'),
    ...problems,
  },
};

export function batchRoutes(app: App, { db, pipeline }: Deps): void {
  app.get('/api/v1/batches', { schema: list }, async ({ query }) => listBatches(db, query));

  app.get('/api/v1/batches/:id', { schema: detail }, async ({ params: { id } }) => {
    const batch = uuid.safeParse(id).success ? await findBatch(db, id) : undefined;
    if (!batch) throw new ProblemError(404, `There is no batch ${id}`);
    const events = await eventsOfBatch(db, batch);
    return { ...batch, stages: stagesOf(pipeline, batch.started_at, events), events };
  });
}
