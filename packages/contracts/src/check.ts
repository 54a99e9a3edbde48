import type { ZodType } from 'zod';
import { events as allEvents } from './events.ts';
import { publishedEvents, PipelineError, type Pipeline, type PipelineService } from './pipeline.ts';
import { requests as allRequests } from './requests.ts';

type Schemas = Readonly<Record<string, ZodType>>;

/**
 * What is wrong with a pipeline as a whole, a sentence each; empty where it can run.
 *
 * @param schemas event name to schema; the contracts' own by default
 */
export function checkPipeline(
  pipeline: Pipeline,
  schemas: Schemas = allEvents,
  requestNames: readonly string[] = Object.keys(allRequests),
): string[] {
  const published = publishedEvents(pipeline);
  const served = new Set(Object.values(pipeline.services).flatMap((s) => s.serves));
  return Object.entries(pipeline.services).flatMap(([name, service]) => [
    ...checkSubscriptions(name, service, published, schemas),
    ...checkPublications(name, service, schemas),
    ...service.serves
      .filter((r) => !requestNames.includes(r))
      .map((r) => `service "${name}" serves "${r}", which has no schema in packages/contracts`),
    ...service.asks
      .filter((r) => !served.has(r))
      .map((r) => `service "${name}" asks on "${r}", which no service serves`),
  ]);
}

/** @throws PipelineError where {@link checkPipeline} finds anything. */
export function assertPipeline(pipeline: Pipeline, schemas: Schemas = allEvents): Pipeline {
  const problems = checkPipeline(pipeline, schemas);
  if (problems.length > 0) throw new PipelineError(problems);
  return pipeline;
}

function checkSubscriptions(
  name: string,
  service: PipelineService,
  published: ReadonlySet<string>,
  schemas: Schemas,
): string[] {
  const problems: string[] = [];
  for (const { channel, events } of service.subscribes.filter((l) => l.channel !== '*')) {
    for (const event of events) {
      if (!published.has(`${channel}/${event}`)) {
        problems.push(`service "${name}" subscribes to "${event}" on "${channel}", but nobody publishes it`);
      }
      const schema = schemas[event];
      if (!schema) {
        problems.push(
          `service "${name}" subscribes to "${event}", which has no schema in packages/contracts`,
        );
        continue;
      }
      for (const field of service.required_fields.filter((f) => !hasField(schema, f))) {
        problems.push(`service "${name}" requires "${field}", which the schema of "${event}" does not have`);
      }
    }
  }
  return problems;
}

function checkPublications(name: string, service: PipelineService, schemas: Schemas): string[] {
  return service.publishes.flatMap(({ channel, events }) => [
    ...(channel === name
      ? []
      : [`service "${name}" publishes on "${channel}": a channel is named after its emitter`]),
    ...events
      .filter((e) => !schemas[e])
      .map((e) => `service "${name}" publishes "${e}", which has no schema in packages/contracts`),
  ]);
}

function hasField(schema: ZodType, field: string): boolean {
  const shape = (schema as { shape?: Record<string, unknown> }).shape;
  return shape !== undefined && field in shape;
}
