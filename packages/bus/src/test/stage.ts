import { parsePipeline, type Pipeline } from '@afk/contracts';
import { seal, type Schemas } from '../envelope.ts';
import { RedisEmitter } from '../index.ts';
import { payloadOf } from '../redis/streams.ts';
import type { bench } from './harness.ts';
import { schemas as line } from './harness.ts';

/** What handlers of these suites see: their events are not AFK's own, which the typed API knows. */
export type Event = {
  event: string;
  id: string;
  n: number;
  correlation_id: string;
  [field: string]: unknown;
};
export type Ctx = {
  emit(event: string, fields: object): void;
  readonly attempt: number;
  readonly signal: AbortSignal;
};
export type Loose = {
  on(event: string, handler: (event: Event, ctx: Ctx) => unknown): void;
  emit(event: string, fields: object): Promise<string>;
  start(): Promise<void>;
  close(): Promise<void>;
};
export const loose = (service: unknown): Loose => service as Loose;

type Bench = Awaited<ReturnType<typeof bench>>;

export const schemas: Schemas = { ...line, ring: line['tick']! };

/** One stage, `first`, that listens to two channels. */
export function stage(settings: { concurrency?: number; attempts?: number; required?: string[] } = {}): {
  pipeline: Pipeline;
  schemas: Schemas;
} {
  const { concurrency = 1, attempts = 3, required = [] } = settings;
  const text = JSON.stringify({
    pipeline: { name: 'test', version: '1', description: 'one stage, two channels' },
    sources: {
      clock: { description: 'outside', events: ['tick'] },
      bell: { description: 'outside', events: ['ring'] },
    },
    services: {
      first: {
        name: 'First',
        description: 'a stage',
        subscribes: [
          { channel: 'clock', events: ['tick'] },
          { channel: 'bell', events: ['ring'] },
        ],
        publishes: [{ channel: 'first', events: ['made', 'first_failed'] }],
        required_fields: required,
        concurrency,
        retry: { attempts, backoff_ms: 20, max_backoff_ms: 100 },
      },
    },
  });
  return { pipeline: parsePipeline(text), schemas };
}

/** Emits one event a number. */
export async function feed(
  b: Pick<Bench, 'redis' | 'names'>,
  channel: 'clock' | 'bell',
  numbers: readonly number[],
  fields: object = {},
): Promise<void> {
  const event = channel === 'clock' ? 'tick' : 'ring';
  const events = numbers.map((n) => seal(schemas, event, { n, ...fields }));
  await new RedisEmitter(b.redis, b.names).emit(channel, events);
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** The events on a channel. */
export async function onChannel(b: Pick<Bench, 'redis' | 'names'>, channel: string): Promise<Event[]> {
  const entries = await b.redis.xrange(b.names.stream(channel), '-', '+');
  return entries.map(([, fields]) => JSON.parse(payloadOf(fields)) as Event);
}

/** The numbers of what `first` made, in their order. */
export async function made(b: Pick<Bench, 'redis' | 'names'>): Promise<number[]> {
  return (await onChannel(b, 'first')).filter((e) => e.event === 'made').map((e) => e.n);
}

/** How many entries the group of `first` has taken and not finished, over all that it reads. */
export async function pending(b: Pick<Bench, 'redis' | 'names'>): Promise<number> {
  const { names, redis } = b;
  const streams = [names.stream('clock'), names.stream('bell'), names.inbox('first')];
  const replies = await Promise.all(streams.map((s) => redis.xpending(s, 'first').catch(() => [0])));
  return replies.reduce((sum, reply) => sum + Number(reply[0]), 0);
}
