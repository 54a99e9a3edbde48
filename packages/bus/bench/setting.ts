import { envelope, parsePipeline } from '@afk/contracts';
import { z } from 'zod';
import { newId, pipelineNames, type Logger } from '../src/index.ts';
import type { Schemas } from '../src/envelope.ts';

/** Three stages behind a clock, and a service that answers requests. */
export const schemas: Schemas = {
  tick: envelope.extend({ n: z.int() }),
  made: envelope.extend({ n: z.int() }),
  done: envelope.extend({ n: z.int() }),
  gone: envelope.extend({ n: z.int() }),
};

const line = [
  { name: 'first', from: 'clock', takes: 'tick', gives: 'made' },
  { name: 'second', from: 'first', takes: 'made', gives: 'done' },
  { name: 'third', from: 'second', takes: 'done', gives: 'gone' },
] as const;
export type Stage = (typeof line)[number];

export function stageOf(name: string): Stage {
  return line.find((s) => s.name === name)!;
}

/** The pipeline of all measurements. */
export function pipelineWith(concurrency: number) {
  const stages = line.map(({ name, from, takes, gives }) => [
    name,
    {
      name,
      description: 'a stage',
      subscribes: [{ channel: from, events: [takes] }],
      publishes: [{ channel: name, events: [gives] }],
      concurrency,
    },
  ]);
  const search = { name: 'search', description: 'answers', serves: ['splade_search'] };
  return parsePipeline(
    JSON.stringify({
      pipeline: { name: 'bench', version: '1', description: 'three stages' },
      sources: { clock: { description: 'outside', events: ['tick'] } },
      services: { ...Object.fromEntries(stages), search },
    }),
  );
}

/** BullMQ logs nothing either. */
export const quiet: Logger = {
  isLevelEnabled: (level) => level === 'warn' || level === 'error',
  debug() {},
  info() {},
  warn: (fields, message) => console.error(message, fields),
  error: (fields, message) => console.error(message, fields),
};

export const names = pipelineNames('', pipelineWith(1));

/** An event as an emitter seals it: what BullMQ and the bare commands carry, too. */
export function sampleEvent(n: number) {
  const id = newId();
  return { event: 'tick', id, correlation_id: id, timestamp: new Date().toISOString(), n };
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value that a part `q` of them does not exceed (nearest rank). */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? NaN;
}

/** How many a second. */
export function pace(count: number, sinceMs: number): number {
  return (count / (performance.now() - sinceMs)) * 1000;
}
