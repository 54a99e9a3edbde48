import { edgesOf, http } from '@afk/contracts';
import type { App, Deps } from '../deps.ts';
import { answer, problems } from '../openapi.ts';
import { nothing } from '../query.ts';

const view = {
  summary: 'The architecture as it runs: services, and who reaches whom',
  tags: ['flow'],
  querystring: nothing,
  response: { 200: answer('`pipeline.json` with its edges', http.pipelineView), ...problems },
};

export function pipelineRoutes(app: App, { pipeline }: Deps): void {
  const body = { pipeline: pipeline.pipeline, services: pipeline.services, edges: edgesOf(pipeline) };
  app.get('/api/v1/pipeline', { schema: view }, async () => body);
}
