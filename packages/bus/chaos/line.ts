import { envelope, parsePipeline, type Pipeline } from '@afk/contracts';
import { z } from 'zod';
import type { Schemas } from '../src/envelope.ts';
import { pipelineNames, type Names } from '../src/redis/names.ts';
import { chance } from './random.ts';

/** What runs under the violence: `source` (two producers) → `one` → `two` → `three`. */
export const stages = ['one', 'two', 'three'] as const;
export type Stage = (typeof stages)[number];

/** What each stage takes, where from, and what it makes of it. */
export const wiring: Record<Stage, { channel: string; takes: string; makes: string; concurrency: number }> = {
  one: { channel: 'source', takes: 'input', makes: 'one_done', concurrency: 1 },
  two: { channel: 'one', takes: 'one_done', makes: 'two_done', concurrency: 8 },
  three: { channel: 'two', takes: 'two_done', makes: 'three_done', concurrency: 50 },
};

const item = envelope.extend({ input: z.string() });
const failure = envelope.extend({ failed_id: z.string(), reason: z.string() });
const made = stages.flatMap((s) => [[wiring[s].makes, item] as const, [`${s}_failed`, failure] as const]);
export const schemas: Schemas = { input: item, ...Object.fromEntries(made) };

export const pipeline: Pipeline = parsePipeline(
  JSON.stringify({
    pipeline: { name: 'chaos', version: '1', description: 'three stages under violence' },
    sources: { source: { description: 'the producers', events: ['input'] } },
    services: Object.fromEntries(stages.map((stage) => [stage, serviceOf(stage)])),
  }),
);

function serviceOf(stage: Stage): object {
  const { channel, takes, makes, concurrency } = wiring[stage];
  return {
    name: stage,
    description: 'a stage',
    subscribes: [{ channel, events: [takes] }],
    publishes: [{ channel: stage, events: [makes, `${stage}_failed`] }],
    concurrency,
    retry: { attempts: 5, backoff_ms: 20, max_backoff_ms: 300 },
  };
}

export const ENV = 'chaos';
export const names: Names = pipelineNames(ENV, pipeline);

/** How long an entry stays with a worker that shows no sign of life, ms. */
export const LEASE_MS = 1500;

/** The stage that refuses an input for good; undefined for nearly all of them. */
export function poisonOf(seed: number, input: string): Stage | undefined {
  if (chance(seed, 'poison', input) >= 0.005) return undefined;
  return stages[Math.floor(chance(seed, 'where', input) * stages.length)];
}

export type Work = {
  /** How long the handler takes, ms. */
  ms: number;
  /** Whether it emits before it works, or after. */
  emitsFirst: boolean;
  fault: 'poison' | 'error' | 'later' | undefined;
};

/**
 * What a handler does with an input. It fails for a while in its first two attempts only: an attempt
 * may also end with its worker, and one that fails in its last attempt is a dead letter, rightly.
 */
export function workOf(seed: number, stage: Stage, input: string, attempt: number): Work {
  const draw = chance(seed, stage, input, attempt);
  const passing = draw < 0.02 ? 'error' : draw < 0.03 ? 'later' : undefined;
  return {
    ms: Math.floor(chance(seed, 'time', stage, input, attempt) * 21),
    emitsFirst: chance(seed, 'when', stage, input) < 0.5,
    fault: poisonOf(seed, input) === stage ? 'poison' : attempt <= 2 ? passing : undefined,
  };
}
