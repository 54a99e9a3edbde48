import { z } from 'zod';

const link = z.strictObject({
  channel: z.string().min(1),
  events: z.array(z.string().min(1)).min(1),
});

const retry = z.strictObject({
  /** Deliveries before an event becomes a dead letter. */
  attempts: z.int().min(1).max(100),
  /** Wait before the second attempt; doubles after each. */
  backoff_ms: z.int().min(0),
  max_backoff_ms: z.int().min(0),
});

const service = z.strictObject({
  name: z.string().min(1),
  description: z.string().min(1),
  /** Channels it listens to. `*` hears everything and takes no part in delivery (the flow listener). */
  subscribes: z.array(link).default([]),
  publishes: z.array(link).default([]),
  /** Request channels that it answers, and those it asks on. */
  serves: z.array(z.string().min(1)).default([]),
  asks: z.array(z.string().min(1)).default([]),
  /** Fields without which an event is not one for this service. Each must be in the event's schema. */
  required_fields: z.array(z.string().min(1)).default([]),
  /** Handlers at work at the same time in one process. */
  concurrency: z.int().min(1).max(1000).default(1),
  retry: retry.default({ attempts: 5, backoff_ms: 1000, max_backoff_ms: 60_000 }),
});

/** The shape of `pipeline.json`: who subscribes to and publishes what. */
export const pipelineSchema = z.strictObject({
  pipeline: z.strictObject({
    name: z.string().min(1),
    version: z.string().min(1),
    description: z.string().min(1),
  }),
  /** Emitters outside the pipeline (the clock, a person): channel name to the events they send. */
  sources: z.record(z.string(), z.strictObject({ description: z.string(), events: z.array(z.string()) })),
  services: z.record(z.string(), service),
});

export type Pipeline = z.infer<typeof pipelineSchema>;
export type PipelineService = Pipeline['services'][string];
export type RetryPolicy = z.infer<typeof retry>;

/** A pipeline that cannot run. `problems` has one sentence each, naming service, channel and event. */
export class PipelineError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`pipeline.json cannot run:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
    this.name = 'PipelineError';
    this.problems = problems;
  }
}

/** Reads the text of a `pipeline.json`. @throws PipelineError naming every field that is wrong. */
export function parsePipeline(text: string): Pipeline {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new PipelineError([`it is not JSON: ${(cause as Error).message}`]);
  }
  const parsed = pipelineSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new PipelineError(parsed.error.issues.map((i) => `${i.path.join('.') || 'the file'}: ${i.message}`));
}

/** Every (channel, event) that somebody publishes, sources included: `channel/event`. */
export function publishedEvents(pipeline: Pipeline): Set<string> {
  const all = new Set<string>();
  for (const [channel, source] of Object.entries(pipeline.sources)) {
    for (const event of source.events) all.add(`${channel}/${event}`);
  }
  for (const { publishes } of Object.values(pipeline.services)) {
    for (const { channel, events } of publishes) for (const event of events) all.add(`${channel}/${event}`);
  }
  return all;
}

/** Services that take work from `channel`, with the events they take from it. */
export function subscribersOf(pipeline: Pipeline, channel: string): { service: string; events: string[] }[] {
  return Object.entries(pipeline.services).flatMap(([service, s]) =>
    s.subscribes.filter((l) => l.channel === channel).map((l) => ({ service, events: l.events })),
  );
}

/** Channels that carry work: those somebody subscribes to by name. */
export function workChannels(pipeline: Pipeline): string[] {
  const names = Object.values(pipeline.services).flatMap((s) => s.subscribes.map((l) => l.channel));
  return [...new Set(names)].filter((c) => c !== '*');
}

/** Channels of requests that somebody serves. */
export function requestChannels(pipeline: Pipeline): string[] {
  return [...new Set(Object.values(pipeline.services).flatMap((s) => s.serves))];
}
